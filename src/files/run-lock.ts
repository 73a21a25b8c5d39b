import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isSystemError, OpenbatchError, toFileError } from "../errors/index.js";
import { identifyThisProcess, isAlive, type ProcessIdentity } from "./process-identity.js";

/** The process of a run that is under way, as the lock beside its results tells it. */
export interface RunningProcess {
  readonly pid: number;
  /** The machine that it runs on. Whether one on another machine is still there, nobody here can tell. */
  readonly host: string;
  /** As an ISO date. */
  readonly startedAt: string;
}

/** What a lock file says of the run that holds it. */
interface LockHolder extends ProcessIdentity {
  readonly started_at: string;
  /** Of this lock alone. */
  readonly token: string;
}

const maxTries = 100;

/**
 * Keeps a results file to one run: a file beside it that names the process. A dead process does not keep it.
 *
 * The file of a dead process is taken over in two steps, so that of several that find it only one goes on. Each tries to
 * create the claim to that very lock, `LOCK.TOKEN`, which only one can; and who has it puts it in the place of the lock. A
 * claim whose process died is claimed in the same way.
 */
export class RunLock {
  readonly #path: string;
  readonly #holder: LockHolder;

  private constructor(path: string, holder: LockHolder) {
    this.#path = path;
    this.#holder = holder;
  }

  /** @throws OpenbatchError `run_in_progress` where another run has it. */
  static take(path: string): RunLock {
    const holder: LockHolder = {
      ...identifyThisProcess(),
      started_at: new Date().toISOString(),
      token: randomUUID(),
    };
    for (let tries = 0; tries < maxTries; tries += 1) {
      if (create(path, holder) || takeOver(path, holder)) return new RunLock(path, holder);
    }
    throw toInUseError(path, "others are taking it at this moment");
  }

  /** The process that has it. A dead one does not; of one on another machine nobody here can tell. */
  static findHolder(path: string): RunningProcess | undefined {
    const holder = readIfReadable(path);
    if (holder === undefined) return undefined;
    const { pid, host, started_at } = holder;
    const mayRun = host !== identifyThisProcess().host || isAlive(holder);
    return mayRun ? { pid, host, startedAt: started_at } : undefined;
  }

  release(): void {
    if (read(this.#path)?.token === this.#holder.token) rmSync(this.#path, { force: true });
  }
}

/** False where the lock has changed meanwhile: then all begins anew. */
function takeOver(path: string, holder: LockHolder): boolean {
  const dead = read(path);
  if (dead === undefined) return false;
  const claims: string[] = [];
  for (let last = dead; ; ) {
    assertDead(path, last);
    const claim = `${path}.${last.token}`;
    if (create(claim, holder)) return replace(path, { claim, dead, claims });
    const other = read(claim);
    if (other === undefined) return false;
    claims.push(claim);
    last = other;
  }
}

interface Takeover {
  readonly claim: string;
  /** Whose lock it was. */
  readonly dead: LockHolder;
  /** Claims of processes that died before they could do this. */
  readonly claims: readonly string[];
}

function replace(path: string, { claim, dead, claims }: Takeover): boolean {
  if (read(path)?.token !== dead.token) {
    rmSync(claim, { force: true });
    return false;
  }
  renameSync(claim, path);
  for (const old of claims) rmSync(old, { force: true });
  return true;
}

function assertDead(path: string, holder: LockHolder): void {
  const { host, pid, started_at } = holder;
  const run = `process ${pid}, since ${started_at}`;
  if (host !== identifyThisProcess().host) {
    throw toInUseError(path, `${run}, on the machine ${JSON.stringify(host)}, where nobody here can look`);
  }
  if (isAlive(holder)) throw toInUseError(path, run);
}

function toInUseError(path: string, holder: string): OpenbatchError {
  return new OpenbatchError("run_in_progress", `Another run writes these results: ${holder}.`, {
    hint: `Wait for its end, or write elsewhere: output (--output FILE). If that run is surely gone, remove ${path}.`,
  });
}

/** Makes a file that is whole from its first moment; false where there is one. */
function create(path: string, holder: LockHolder): boolean {
  const text = `${JSON.stringify(holder)}\n`;
  const beside = `${path}.${holder.token}.tmp`;
  try {
    writeFileSync(beside, text, { mode: 0o600 });
    linkSync(beside, path);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === "EEXIST") return false;
    return createWithoutLink(path, text, error);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Some file systems have no second names; there a process that is killed at this moment leaves an empty lock. */
function createWithoutLink(path: string, text: string, reason: unknown): boolean {
  const isWithoutLinks =
    isSystemError(reason) && ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(reason.code);
  if (!isWithoutLinks) throw toCreateError(reason, path);
  try {
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === "EEXIST") return false;
    throw toCreateError(error, path);
  }
}

/** Results go beside the batch file, and that may lie where nothing can be written. */
function toCreateError(cause: unknown, path: string): unknown {
  const error = toFileError(cause, "create", path);
  if (!(error instanceof OpenbatchError) || error.code !== "no_permission") return error;
  const hint = "Write the results to another folder: output (--output FILE).";
  return new OpenbatchError(error.code, error.message, { cause, hint });
}

/** `undefined` where there is no such file. */
function read(path: string): LockHolder | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return undefined;
    throw toFileError(error, "read", path);
  }
  const holder = parse(text);
  if (holder === undefined) throw toInUseError(path, "its lock file is not readable");
  return holder;
}

/** For those who only look. */
function readIfReadable(path: string): LockHolder | undefined {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function parse(text: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== "object" || value === null) return false;
  const { pid, host, started_at, token }: { [Name in keyof LockHolder]?: unknown } = value;
  return (
    typeof pid === "number" &&
    Number.isInteger(pid) &&
    pid > 0 &&
    typeof host === "string" &&
    typeof started_at === "string" &&
    typeof token === "string" &&
    /^[0-9a-f-]{36}$/.test(token)
  );
}
