import type { MemoryLimit } from "../measure.js";

export const usualRows = 200_000;
export const memoryRows = 1_000_000;
/** Results of 1 KB, with their requests of 430 bytes. */
export const fiveGigabytes = 5_000_000;
export const kilobyte = 1000;
export const megabyte = 1_000_000;

export function overEmpty(underBytes: number, idBytes: number): MemoryLimit {
  return { kind: "overEmpty", underBytes, idBytes };
}

export function wholeProcess(underBytes: number): MemoryLimit {
  return { kind: "wholeProcess", underBytes };
}
