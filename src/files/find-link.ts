import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * A symbolic link that is this path, or in this folder at any depth, if there is one: whoever writes there would write elsewhere.
 * A folder that came from a stranger may hold one.
 */
export function findLink(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink()) return path;
  if (stats?.isDirectory() !== true) return undefined;
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  const link = entries.find((entry) => entry.isSymbolicLink());
  return link === undefined ? undefined : join(link.parentPath, link.name);
}
