import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Which process of which machine: a process id alone is given to another process later. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it started, in the system's own count; `null` where the system doesn't say. */
  readonly process_start: string | null;
}

export function identifyThisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), process_start: readStatus(process.pid)?.start ?? null };
}

/** Whether a process of this machine still runs. Where that cannot be known, it is taken to. */
export function isAlive({ pid, process_start }: ProcessIdentity): boolean {
  if (!exists(pid)) return false;
  const status = readStatus(pid);
  if (status === undefined) return true;
  return status.isRunning && (process_start === null || status.start === process_start);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

interface Status {
  /** False for one that has ended, and whose end its parent has not taken note of. */
  readonly isRunning: boolean;
  /** Clock ticks since the machine started. */
  readonly start: string | null;
}

/** From `/proc/PID/stat`, where the system has it: fields 3 and 22. The name before them may hold anything. */
function readStatus(pid: number): Status | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { isRunning: !["Z", "X"].includes(fields[0] ?? ""), start: fields[19] ?? null };
  } catch {
    return undefined;
  }
}
