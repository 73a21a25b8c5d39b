import { constants, copyFile, link } from "node:fs/promises";
import { toFileError } from "../../errors/index.js";
import { isNotFound } from "../../files/index.js";
import type { BatchRunner } from "../life/batch-runner.js";
import { ApiError } from "../protocol/api-error.js";
import { batchParameterNames, listGivenNames, readBatchParameters } from "../protocol/batch-parameters.js";
import { pageParameterNames, readPageQuery, toPage } from "../protocol/page.js";
import { readJsonBody } from "../protocol/read-json-body.js";
import { reportIgnored } from "../protocol/report-ignored.js";
import type { ServerApp, ServerContext } from "../protocol/server-context.js";
import { type BatchRecord, isMessageBatch } from "../store/batch-record.js";
import type { BatchStore } from "../store/batch-store.js";
import type { FileStore } from "../store/file-store.js";
import type { ServerEvent } from "../store/server-event.js";

export interface BatchRoutesOptions {
  readonly batches: BatchStore;
  readonly files: FileStore;
  readonly runner: BatchRunner;
  readonly onEvent: (event: ServerEvent) => void;
}

/** Batches that are not at their end. The service takes 2,000 new ones an hour. Source: OpenAI's batch guide, November 2026. */
const maxUnfinishedBatches = 2000;

const maxBodyBytes = 1_048_576;

/** Answers what the service answers under `/v1/batches`. */
export function addBatchRoutes(app: ServerApp, options: BatchRoutesOptions): void {
  const { batches, runner, onEvent } = options;
  app.post("/v1/batches", async (context) =>
    context.json(await runner.show(await createBatch(context, options))),
  );
  app.get("/v1/batches", async (context) => {
    const { req } = context;
    reportIgnored({ req, given: Object.keys(req.query()), known: pageParameterNames, onEvent });
    const query = readPageQuery(req.query(), { most: 100, usual: 20 });
    const page = toPage(
      batches.list().filter((record) => !isMessageBatch(record)),
      query,
      {
        order: "desc",
        sequenceOf: (id) => batches.get(id)?.sequence,
      },
    );
    const data = await Promise.all(page.data.map((record) => runner.show(record)));
    return context.json({ ...page, data });
  });
  app.get("/v1/batches/:id", async (context) => {
    return context.json(await runner.show(findBatch(batches, context.req.param("id"))));
  });
  app.post("/v1/batches/:id/cancel", async (context) => {
    const record = findBatch(batches, context.req.param("id"));
    return context.json(await runner.show(await runner.cancel(record.id)));
  });
}

async function createBatch({ env, req }: ServerContext, options: BatchRoutesOptions): Promise<BatchRecord> {
  const { batches, files, runner, onEvent } = options;
  const { json } = await readJsonBody(env.incoming, { maxBytes: maxBodyBytes });
  reportIgnored({ req, given: listGivenNames(json), known: batchParameterNames, onEvent });
  const parameters = readBatchParameters(json);
  if (runner.size >= maxUnfinishedBatches) {
    throw new ApiError(429, `There are ${maxUnfinishedBatches} batches already that are not at their end.`, {
      type: "requests",
      code: "rate_limit_exceeded",
    });
  }
  const record = await batches.create(parameters, async (id) => {
    const input = files.get(parameters.inputFileId);
    if (input !== undefined) await keepInput(files.pathOf(input.id), batches.inputPathOf(id));
  });
  runner.start(record.id);
  return record;
}

/** Under a second name a file stays there when its first one is deleted. Where a disk gives none, there is a copy. */
async function keepInput(path: string, kept: string): Promise<void> {
  try {
    await link(path, kept).catch((cause: unknown) => {
      if (isNotFound(cause)) throw cause;
      return copyFile(path, kept, constants.COPYFILE_FICLONE);
    });
  } catch (cause) {
    // Deleted in this moment: the batch will say so.
    if (isNotFound(cause)) return;
    throw toFileError(cause, "read", path);
  }
}

function findBatch(batches: BatchStore, id: string): BatchRecord {
  const record = batches.get(id);
  if (record !== undefined && !isMessageBatch(record)) return record;
  throw new ApiError(404, `No batch found with id '${id.slice(0, 100)}'.`);
}
