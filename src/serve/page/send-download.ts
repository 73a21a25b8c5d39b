import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import type { Context } from "hono";
import { sizeOf } from "../../files/index.js";
import { exportResults, openResults } from "../../results/index.js";
import type { LiveFiles, ViewEnv } from "../../view/index.js";
import { ApiError } from "../protocol/api-error.js";
import { sendContent } from "../protocol/send-content.js";
import type { DiskFileStore } from "../store/disk-file-store.js";
import { createFileId } from "../store/object-id.js";
import type { ServedBatches } from "./served-batches.js";

/** What can be taken away of a batch. */
const kinds = ["output", "errors", "csv", "xlsx"] as const;

type DownloadKind = (typeof kinds)[number];

export interface DownloadOptions {
  readonly served: ServedBatches;
  readonly files: DiskFileStore;
  readonly signal: AbortSignal;
}

/**
 * Sends the output or the error file of a batch, or a table of its results.
 * @throws ApiError where there is none.
 */
export async function sendDownload(
  context: Context<ViewEnv>,
  { served, files, signal }: DownloadOptions,
): Promise<Response> {
  const id = context.req.param("id") ?? "";
  const kind = kinds.find((known) => known === context.req.query("as"));
  const found = await served.findFiles(id);
  if (kind === undefined || found === undefined)
    throw new ApiError(404, "There is nothing of it to be sent.");
  if (kind === "csv" || kind === "xlsx") return sendTable(context, found, { files, signal, kind });
  const file = await served.findResultFile(id, kind);
  if (file === undefined) throw new ApiError(404, "There is no such file of it.");
  return sendContent(context, { file, content: files.contentOf(file.id) });
}

interface TableOptions extends Pick<DownloadOptions, "files" | "signal"> {
  readonly kind: Extract<DownloadKind, "csv" | "xlsx">;
}

/** It is written beside the files of the server, as something that nobody is shown, and is gone once it was sent. */
async function sendTable(
  context: Context<ViewEnv>,
  { name, requests, results }: LiveFiles,
  { files, signal, kind }: TableOptions,
): Promise<Response> {
  const paths = results.map(({ path }) => path).filter((path) => existsSync(path));
  if (paths.length === 0) throw new ApiError(409, "There is no result of it yet.");
  const id = createFileId();
  const path = files.pathOf(id);
  try {
    await using opened = await openResults({ requests: requests?.path, results: paths, signal });
    await exportResults(path, opened, { format: kind, signal });
    await chmod(path, 0o600);
    const filename = `${name.replace(/\.jsonl$/, "")}.results.${kind}`;
    const file = { id, filename, bytes: (await sizeOf(path)) ?? 0 };
    return await sendContent(context, { file, content: files.contentOf(id) });
  } finally {
    await files.discard(id);
  }
}
