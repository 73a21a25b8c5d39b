import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { stat } from "node:fs/promises";
import { OpenbatchError, toFileError } from "../errors/index.js";
import { gzipHeadBytes, isGzip } from "./gzip.js";

/** What stands at a path, by how it can be read. */
export type OpenedSource =
  /** A file that can be read anywhere, as often as needed; whoever gets it closes it. */
  | { readonly kind: "plain"; readonly identity: string; readonly fd: number; readonly bytes: number }
  /** A file compressed with gzip. */
  | { readonly kind: "compressed"; readonly identity: string }
  /** Standard input, a pipe or a device. */
  | { readonly kind: "pipe"; readonly identity: string };

/** Looks at what stands at a path, "-" for standard input, and opens it if it can be read anywhere. */
export async function openSource(name: string): Promise<OpenedSource> {
  if (name === "-") return { kind: "pipe", identity: name };
  try {
    // Looked at before it is opened: to open a pipe and close it again would hang or break its writer.
    const found = await stat(name, { bigint: true });
    const identity = `${found.dev}:${found.ino}`;
    if (found.isDirectory())
      throw new OpenbatchError("not_a_file", `Could not open ${name}: it is a folder.`);
    if (!found.isFile()) return { kind: "pipe", identity };
    const fd = openSync(name, "r");
    if (!isCompressed(fd)) return { kind: "plain", identity, fd, bytes: fstatSync(fd).size };
    closeSync(fd);
    return { kind: "compressed", identity };
  } catch (cause) {
    throw toFileError(cause, "open", name);
  }
}

function isCompressed(fd: number): boolean {
  const head = Buffer.alloc(gzipHeadBytes);
  readSync(fd, head, 0, gzipHeadBytes, 0);
  return isGzip(head);
}
