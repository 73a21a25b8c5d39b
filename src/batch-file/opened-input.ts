import { type FileHandle, open, stat } from "node:fs/promises";
import { toFileError } from "../errors/index.js";

/** What stands at a path, by how it can be read. */
export type OpenedInput =
  /** A file that can be read anywhere, as often as needed; whoever gets it closes it. */
  | { readonly kind: "plain"; readonly handle: FileHandle; readonly bytes: number }
  /** A file compressed with gzip. */
  | { readonly kind: "compressed" }
  /** Standard input, a pipe or a device. */
  | { readonly kind: "pipe" };

export async function openInput(path: string): Promise<OpenedInput> {
  if (path === "-") return { kind: "pipe" };
  try {
    // Looked at before it is opened: to open a pipe and close it again would hang or break its writer.
    const found = await stat(path);
    if (!found.isFile()) return { kind: "pipe" };
    const handle = await open(path);
    if (!(await isCompressed(handle))) return { kind: "plain", handle, bytes: (await handle.stat()).size };
    await handle.close();
    return { kind: "compressed" };
  } catch (cause) {
    throw toFileError(cause, "open", path);
  }
}

async function isCompressed(handle: FileHandle): Promise<boolean> {
  const head = Buffer.alloc(2);
  await handle.read(head, 0, 2, 0);
  return head[0] === 0x1f && head[1] === 0x8b;
}
