import { readFile, stat } from "node:fs/promises";

/** Whether a file is there and holds just these bytes. */
export async function holdsBytes(path: string, bytes: Buffer): Promise<boolean> {
  try {
    return (await stat(path)).size === bytes.length && bytes.equals(await readFile(path));
  } catch {
    return false;
  }
}
