import { ApiError, assertIntegerWithin, invalidValue, missingParameter } from "./api-error.js";
import { assertBatchUpload } from "./assert-batch-upload.js";
import { type FileObject, filePurposes } from "./file-record.js";
import type { FileStore } from "./file-store.js";
import { createFileId } from "./object-id.js";
import { readPageQuery, toPage } from "./page.js";
import { receiveUpload, type Upload } from "./receive-upload.js";
import { removeFile } from "./record-folder.js";
import { sendContent } from "./send-content.js";
import type { ServerApp, ServerContext } from "./server-context.js";
import type { ServerScript } from "./server-script.js";

export interface FileRoutesOptions {
  readonly files: FileStore;
  readonly maxUploadBytes: number;
  readonly maxFiles: number;
  readonly script: ServerScript;
}

/** Input files of batches live 30 days if nothing else is said. Source: openai-node 7.57, November 2026. */
export const usualBatchFileSeconds = 2_592_000;

/** How long files may be asked to live, in seconds. Source: openai-node 7.57, November 2026. */
export const lifetimeBounds = { least: 3600, most: 2_592_000 } as const;

const uploadIdleMs = 60_000;

/** Answers what the service answers under `/v1/files`. */
export function addFileRoutes(app: ServerApp, options: FileRoutesOptions): void {
  const { files, script } = options;
  app.post("/v1/files", async (context) => context.json(await createFile(context, options)));
  app.get("/v1/files", (context) => context.json(listFiles(context, files)));
  app.get("/v1/files/:id", (context) => context.json(findFile(files, context.req.param("id"))));
  app.get("/v1/files/:id/content", async (context) => {
    const file = findFile(files, context.req.param("id"));
    const cutAfterBytes = script.cutDownload?.(file);
    return sendContent(context, { file, path: files.pathOf(file.id), cutAfterBytes });
  });
  app.delete("/v1/files/:id", async (context) => {
    const { id } = findFile(files, context.req.param("id"));
    await files.remove(id);
    return context.json({ id, object: "file", deleted: true });
  });
}

async function createFile(context: ServerContext, options: FileRoutesOptions): Promise<FileObject> {
  const { files, maxFiles, maxUploadBytes } = options;
  await files.removeExpired();
  if (files.size >= maxFiles) {
    throw new ApiError(
      400,
      `This server holds ${maxFiles} files, as many as it may. Delete some of them first.`,
      {
        code: "file_limit_reached",
      },
    );
  }
  const id = createFileId();
  const path = files.pathOf(id);
  const limits = { maxBytes: maxUploadBytes, idleMs: uploadIdleMs };
  const upload = await receiveUpload(context.env.incoming, path, limits);
  try {
    const { filename, bytes, fields } = upload;
    const purpose = readPurpose(fields.get("purpose"));
    const seconds = readLifetime(upload, purpose);
    if (purpose === "batch") await assertBatchUpload(upload, path);
    return await files.add({ id, purpose, filename, bytes, seconds });
  } catch (error) {
    await removeFile(path);
    throw error;
  }
}

function readPurpose(purpose: string | undefined): string {
  if (purpose === undefined || purpose === "") throw missingParameter("purpose");
  if (filePurposes.some((known) => known === purpose)) return purpose;
  throw invalidValue("purpose", purpose, filePurposes);
}

function readLifetime({ fields }: Upload, purpose: string): number | undefined {
  const anchor = fields.get("expires_after[anchor]");
  const seconds = fields.get("expires_after[seconds]");
  if (anchor === undefined && seconds === undefined) {
    return purpose === "batch" ? usualBatchFileSeconds : undefined;
  }
  if (anchor === undefined) throw missingParameter("expires_after[anchor]");
  if (seconds === undefined) throw missingParameter("expires_after[seconds]");
  if (anchor !== "created_at") throw invalidValue("expires_after[anchor]", anchor, ["created_at"]);
  const count = /^\d{1,12}$/.test(seconds) ? Number(seconds) : Number.NaN;
  assertIntegerWithin("expires_after[seconds]", count, lifetimeBounds);
  return count;
}

function listFiles(context: ServerContext, files: FileStore): object {
  const query = context.req.query();
  const { order = "desc", purpose } = query;
  if (order !== "asc" && order !== "desc") throw invalidValue("order", order, ["asc", "desc"]);
  const page = readPageQuery(query, { most: 10_000, usual: 10_000 });
  const found = files.list().filter((file) => purpose === undefined || file.purpose === purpose);
  return toPage(order === "asc" ? found : found.reverse(), page);
}

function findFile(files: FileStore, id: string): FileObject {
  const file = files.get(id);
  if (file !== undefined) return file;
  throw new ApiError(404, `No such File object: ${id.slice(0, 100)}`, { param: "id" });
}
