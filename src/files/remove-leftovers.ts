import { readdir, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const leftoverAgeMs = 86_400_000;
const leftoverName = /^[0-9a-f-]{36}\.(?:rows\.)?tmp$/;

export interface LeftoverOptions {
  /** Whether nobody else writes there: then also what is young was left by a process that is dead. */
  readonly isAlone?: boolean;
}

/** Removes what a killed process has left beside a file that it wrote, unless it is so young that it may be under way. */
export async function removeLeftovers(
  path: string,
  { isAlone = false }: LeftoverOptions = {},
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const start = `${basename(target)}.`;
  // Whoever writes there next says what is wrong with the folder.
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    if (!name.startsWith(start) || !leftoverName.test(name.slice(start.length))) continue;
    const leftover = join(dirname(target), name);
    const { mtimeMs } = await stat(leftover).catch(() => ({ mtimeMs: Date.now() }));
    if (isAlone || Date.now() - mtimeMs > leftoverAgeMs)
      await rm(leftover, { force: true }).catch(() => undefined);
  }
}
