import { createReadStream, existsSync } from "node:fs";
import type { Context } from "hono";
import { sizeOf } from "../../files/index.js";
import { exportResults, openResults, type Result, type Results } from "../../results/index.js";
import { openAsFound, type ViewEnv } from "../../view/index.js";
import { ApiError } from "../protocol/api-error.js";
import { sendContent } from "../protocol/send-content.js";
import type { FileStore } from "../store/file-store.js";
import type { HeldFiles, PageStore } from "./page-store.js";
import type { ServedBatches } from "./served-batches.js";

/** What can be taken away of a batch. */
const kinds = ["output", "errors", "csv", "xlsx"] as const;

type DownloadKind = (typeof kinds)[number];

export interface DownloadOptions {
  readonly store: Pick<PageStore, "hold" | "openPlace"> & { readonly files: Pick<FileStore, "contentOf"> };
  readonly served: Pick<ServedBatches, "findResultFile">;
  readonly signal: AbortSignal;
}

/**
 * Sends the output or the error file of a batch, or a table of its results.
 * @throws ApiError where there is none.
 */
export async function sendDownload(
  context: Context<ViewEnv>,
  { store, served, signal }: DownloadOptions,
): Promise<Response> {
  const id = context.req.param("id") ?? "";
  const kind = kinds.find((known) => known === context.req.query("as"));
  if (kind === "output" || kind === "errors") {
    const file = await served.findResultFile(id, kind);
    if (file === undefined) throw new ApiError(404, "There is no such file of it.");
    return sendContent(context, { file, content: store.files.contentOf(file.id) });
  }
  const held = kind && (await store.hold(id));
  if (kind === undefined || held === undefined) throw new ApiError(404, "There is nothing of it to be sent.");
  try {
    return await sendTable(context, held, { store, signal, kind });
  } finally {
    await held.close();
  }
}

interface TableOptions extends Pick<DownloadOptions, "store" | "signal"> {
  readonly kind: Extract<DownloadKind, "csv" | "xlsx">;
}

/** It is written where nobody is shown it, and is gone once it was sent. */
async function sendTable(
  context: Context<ViewEnv>,
  held: HeldFiles,
  { store, signal, kind }: TableOptions,
): Promise<Response> {
  const { name, results } = await openHeld(held, signal);
  await using opened = results;
  const { path, close } = await store.openPlace();
  try {
    await exportResults(path, opened, { format: kind, signal });
    const filename = `${name.replace(/\.jsonl$/, "")}.results.${kind}`;
    const size = async (): Promise<number | undefined> => sizeOf(path);
    const file = { id: filename, filename, bytes: (await size()) ?? 0 };
    return await sendContent(context, {
      file,
      content: { size, read: (span) => createReadStream(path, span) },
    });
  } finally {
    await close();
  }
}

/** Opens the results of a batch under the name that it has. */
function openHeld(
  held: HeldFiles,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly results: Results<Result> }> {
  return openAsFound(
    () => held.readAll(),
    async ({ name, requests, results: files }) => {
      const results = files.map(({ path }) => path).filter((path) => existsSync(path));
      if (results.length === 0) throw new ApiError(409, "There is no result of it yet.");
      return { name, results: await openResults({ requests: requests?.path, results, signal }) };
    },
  );
}
