import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunLock } from "../../files/index.js";

const beginning = "openbatch-page-";
const lockName = "server.lock";
/** One without a lock is only being made, or was left so. In milliseconds. */
const unlockedMs = 3_600_000;

/** A temporary folder of this server alone, made when it is needed, and gone when the server is. */
export class OwnFolder {
  #path: Promise<string> | undefined;

  path(): Promise<string> {
    this.#path ??= make().catch((error) => {
      this.#path = undefined;
      throw error;
    });
    return this.#path;
  }

  async close(): Promise<void> {
    const path = await this.#path?.catch(() => undefined);
    if (path !== undefined) await rm(path, { recursive: true, force: true });
  }
}

async function make(): Promise<string> {
  await removeLeft().catch(() => undefined);
  const path = await mkdtemp(join(tmpdir(), beginning));
  RunLock.take(join(path, lockName));
  return path;
}

/** Removes what servers of this machine left that were killed. */
async function removeLeft(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const path = join(tmpdir(), name);
    if (name.startsWith(beginning) && (await isLeft(path))) await rm(path, { recursive: true, force: true });
  }
}

async function isLeft(path: string): Promise<boolean> {
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) return false;
  const lock = join(path, lockName);
  const isLocked = (await lstat(lock).catch(() => undefined)) !== undefined;
  if (!isLocked) return Date.now() - found.mtimeMs > unlockedMs;
  return RunLock.findHolder(lock) === undefined;
}
