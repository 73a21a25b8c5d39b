import type { FileObject } from "../../api/index.js";
import { ApiError, invalidValue, missingParameter } from "../protocol/api-error.js";
import { assertBatchUpload } from "../protocol/assert-batch-upload.js";
import { readPageQuery, toPage } from "../protocol/page.js";
import { readLifetime, usualLifetimeSeconds } from "../protocol/read-lifetime.js";
import { receiveUpload, type Upload } from "../protocol/receive-upload.js";
import { sendContent } from "../protocol/send-content.js";
import type { ServerApp, ServerContext } from "../protocol/server-context.js";
import { filePurposes } from "../store/file-record.js";
import type { FileStore } from "../store/file-store.js";
import { createFileId } from "../store/object-id.js";
import { removeFile } from "../store/record-folder.js";

export interface FileRoutesOptions {
  readonly files: FileStore;
  readonly maxUploadBytes: number;
  readonly maxFiles: number;
}

const uploadIdleMs = 60_000;

/** Answers what the service answers under `/v1/files`. */
export function addFileRoutes(app: ServerApp, options: FileRoutesOptions): void {
  const { files } = options;
  let uploads = 0;
  app.post("/v1/files", async (context) => {
    assertPlace(files.size + uploads, options);
    uploads += 1;
    try {
      return context.json(await createFile(context, options));
    } finally {
      uploads -= 1;
    }
  });
  app.get("/v1/files", (context) => context.json(listFiles(context, files)));
  app.get("/v1/files/:id", (context) => context.json(findFile(files, context.req.param("id"))));
  app.get("/v1/files/:id/content", async (context) => {
    const file = findFile(files, context.req.param("id"));
    return sendContent(context, { file, path: files.pathOf(file.id) });
  });
  app.delete("/v1/files/:id", async (context) => {
    const { id } = findFile(files, context.req.param("id"));
    await files.remove(id);
    return context.json({ id, object: "file", deleted: true });
  });
}

async function createFile(context: ServerContext, options: FileRoutesOptions): Promise<FileObject> {
  const { files, maxUploadBytes } = options;
  const id = createFileId();
  const path = files.pathOf(id);
  const limits = { maxBytes: maxUploadBytes, idleMs: uploadIdleMs };
  const upload = await receiveUpload(context.env.incoming, path, limits);
  try {
    const { filename, bytes, fields } = upload;
    const purpose = readPurpose(fields.get("purpose"));
    const seconds = readSeconds(upload, purpose);
    if (purpose === "batch") await assertBatchUpload(upload, path);
    return await files.add({ id, purpose, filename, bytes, seconds });
  } catch (error) {
    await removeFile(path);
    throw error;
  }
}

/** @param count of the files that are there or on their way. */
function assertPlace(count: number, { maxFiles }: FileRoutesOptions): void {
  if (count < maxFiles) return;
  throw new ApiError(
    400,
    `This server holds ${maxFiles} files, as many as it may. Delete some of them first.`,
    { code: "file_limit_reached" },
  );
}

function readPurpose(purpose: string | undefined): string {
  if (purpose === undefined || purpose === "") throw missingParameter("purpose");
  if (filePurposes.some((known) => known === purpose)) return purpose;
  throw invalidValue("purpose", purpose, filePurposes);
}

function readSeconds({ fields }: Upload, purpose: string): number | undefined {
  const names = { anchor: "expires_after[anchor]", seconds: "expires_after[seconds]" };
  const anchor = fields.get(names.anchor);
  const seconds = fields.get(names.seconds);
  if (anchor === undefined && seconds === undefined) {
    return purpose === "batch" ? usualLifetimeSeconds : undefined;
  }
  // In a form all is text.
  const count = /^\d{1,12}$/.test(seconds ?? "") ? Number(seconds) : seconds;
  return readLifetime({ anchor, seconds: count, names });
}

function listFiles(context: ServerContext, files: FileStore): object {
  const query = context.req.query();
  const { order = "desc", purpose } = query;
  if (order !== "asc" && order !== "desc") throw invalidValue("order", order, ["asc", "desc"]);
  const found = files.list().filter(({ object }) => purpose === undefined || object.purpose === purpose);
  const page = toPage(found, readPageQuery(query, { most: 10_000, usual: 10_000 }), {
    order,
    sequenceOf: (id) => files.sequenceOf(id),
  });
  return { ...page, data: page.data.map(({ object }) => object) };
}

function findFile(files: FileStore, id: string): FileObject {
  const file = files.get(id);
  if (file !== undefined) return file;
  throw new ApiError(404, `No such File object: ${id.slice(0, 100)}`, { param: "id" });
}
