import { execFileSync } from "node:child_process";

/** Vitest calls this once, before all processes of tests: npx asks the registry, and takes a second of the processor. */
export function setup(): void {
  if (process.env.OPENBATCH_POSTGRES !== undefined) process.env.OPENBATCH_NODE = findNode();
}

/** A Node that servers and workers on a database take. */
export function findNode(): string {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return process.execPath;
  process.env.OPENBATCH_NODE ??= execFileSync("npx", ["-y", "node@22", "-p", "process.execPath"], {
    encoding: "utf8",
  }).trim();
  return process.env.OPENBATCH_NODE;
}
