import { type FileObject, isObject } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { ApiError, invalidType, invalidValue, missingParameter } from "../protocol/api-error.js";
import { assertBatchUpload } from "../protocol/assert-batch-upload.js";
import { pageParameterNames, readPage, readPageQuery } from "../protocol/page.js";
import { readLifetime, usualLifetimeSeconds } from "../protocol/read-lifetime.js";
import { receiveUpload, type Upload, type UploadPlace } from "../protocol/receive-upload.js";
import { reportIgnored } from "../protocol/report-ignored.js";
import { sendContent } from "../protocol/send-content.js";
import type { ServerApp, ServerContext } from "../protocol/server-context.js";
import { filePurposes } from "../store/file-record.js";
import type { FileStore } from "../store/file-store.js";
import { createFileId } from "../store/object-id.js";
import type { ServerEvent } from "../store/server-event.js";

export interface FileRoutesOptions {
  readonly files: FileStore;
  readonly maxUploadBytes: number;
  readonly maxFiles: number;
  readonly onEvent: (event: ServerEvent) => void;
}

/** How long an uploader may send nothing, in milliseconds. */
export const uploadIdleMs = 60_000;

/** The two parts of how long a file is to live, in a form as the official client sends it. */
const lifetimeNames = { anchor: "expires_after[anchor]", seconds: "expires_after[seconds]" };
const uploadParameterNames = ["purpose", "expires_after", ...Object.values(lifetimeNames)];
const listParameterNames = [...pageParameterNames, "order", "purpose"];

/** Answers what the service answers under `/v1/files`. */
export function addFileRoutes(app: ServerApp, options: FileRoutesOptions): void {
  const { files } = options;
  let uploads = 0;
  app.post("/v1/files", async (context) => {
    uploads += 1;
    try {
      assertPlace((await files.count()) + uploads, options);
      return context.json(await createFile(context, options));
    } finally {
      uploads -= 1;
    }
  });
  app.get("/v1/files", async (context) => context.json(await listFiles(context, options)));
  app.get("/v1/files/:id", async (context) => context.json(await findFile(files, context)));
  app.get("/v1/files/:id/content", async (context) => {
    const file = await findFile(files, context);
    return sendContent(context, { file, content: files.contentOf(file.id) });
  });
  app.delete("/v1/files/:id", async (context) => {
    const { id } = await findFile(files, context);
    await files.remove(id, context.var.owner);
    return context.json({ id, object: "file", deleted: true });
  });
}

async function createFile(context: ServerContext, options: FileRoutesOptions): Promise<FileObject> {
  const { files, maxUploadBytes, onEvent } = options;
  const id = createFileId();
  const place = toUploadPlace(files, id);
  const limits = { maxBytes: maxUploadBytes, idleMs: uploadIdleMs };
  const upload = await receiveUpload(context.env.incoming, place, limits);
  try {
    const { filename, bytes, fields } = upload;
    reportIgnored({ req: context.req, given: [...fields.keys()], known: uploadParameterNames, onEvent });
    const purpose = readPurpose(fields.get("purpose"));
    const seconds = readSeconds(upload, purpose);
    if (purpose === "batch") await assertBatchUpload(upload, files.contentOf(id));
    return await files.add({ id, purpose, filename, bytes, seconds }, context.var.owner);
  } catch (error) {
    await place.discard();
    throw error;
  }
}

/** Where a file goes that is not shown yet. */
export function toUploadPlace(files: FileStore, id: string): UploadPlace {
  return {
    receive: (content, signal) => files.receive(id, content, signal),
    discard: () => files.discard(id),
  };
}

/**
 * @param count of the files that are there or on their way, this one too.
 * @throws ApiError where there are too many.
 */
export function assertPlace(count: number, { maxFiles }: Pick<FileRoutesOptions, "maxFiles">): void {
  if (count <= maxFiles) return;
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
  const whole = fields.get("expires_after");
  if (whole !== undefined) return readWholeLifetime(whole);
  const anchor = fields.get(lifetimeNames.anchor);
  const seconds = fields.get(lifetimeNames.seconds);
  if (anchor === undefined && seconds === undefined) {
    return purpose === "batch" ? usualLifetimeSeconds : undefined;
  }
  // In a form all is text.
  const count = /^\d{1,12}$/.test(seconds ?? "") ? Number(seconds) : seconds;
  return readLifetime({ anchor, seconds: count, names: lifetimeNames });
}

/** As one field of JSON, which is how OpenAPI has objects in forms if nothing else is said. */
function readWholeLifetime(text: string): number {
  const value = tryParseJson(text);
  if (!isObject(value)) throw invalidType("expires_after", "an object", value ?? text);
  return readLifetime({ anchor: value.anchor, seconds: value.seconds, names: lifetimeNames });
}

async function listFiles(
  { req, var: { owner } }: ServerContext,
  { files, onEvent }: FileRoutesOptions,
): Promise<object> {
  const query = req.query();
  reportIgnored({ req, given: Object.keys(query), known: listParameterNames, onEvent });
  const { order = "desc", purpose } = query;
  if (order !== "asc" && order !== "desc") throw invalidValue("order", order, ["asc", "desc"]);
  const page = await readPage(readPageQuery(query, { most: 10_000, usual: 10_000 }), {
    order,
    list: (slice) => files.list({ ...slice, purpose }, owner),
    sequenceOf: (id) => files.sequenceOf(id, owner),
  });
  return { ...page, data: page.data.map(({ object }) => object) };
}

async function findFile(files: FileStore, { req, var: { owner } }: ServerContext): Promise<FileObject> {
  const id = req.param("id") ?? "";
  const file = await files.get(id, owner);
  if (file !== undefined) return file;
  throw new ApiError(404, `No such File object: ${id.slice(0, 100)}`, { param: "id" });
}
