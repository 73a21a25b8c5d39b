import type { BatchDriver } from "../life/batch-driver.js";
import { ApiError } from "../protocol/api-error.js";
import { batchParameterNames, listGivenNames, readBatchParameters } from "../protocol/batch-parameters.js";
import { pageParameterNames, readPage, readPageQuery } from "../protocol/page.js";
import { readJsonBody } from "../protocol/read-json-body.js";
import { reportIgnored } from "../protocol/report-ignored.js";
import type { ServerApp, ServerContext } from "../protocol/server-context.js";
import { type BatchRecord, isMessageBatch } from "../store/batch-record.js";
import type { BatchStore } from "../store/batch-store.js";
import type { ServerEvent } from "../store/server-event.js";
import { beginBatch } from "./begin-batch.js";

export interface BatchRoutesOptions {
  readonly batches: BatchStore;
  readonly driver: BatchDriver;
  readonly onEvent: (event: ServerEvent) => void;
}

const maxBodyBytes = 1_048_576;

/** Answers what the service answers under `/v1/batches`. */
export function addBatchRoutes(app: ServerApp, options: BatchRoutesOptions): void {
  const { batches, driver, onEvent } = options;
  app.post("/v1/batches", async (context) =>
    context.json(await driver.show(await createBatch(context, options))),
  );
  app.get("/v1/batches", async (context) => {
    const { req, var: caller } = context;
    reportIgnored({ req, given: Object.keys(req.query()), known: pageParameterNames, onEvent });
    const query = readPageQuery(req.query(), { most: 100, usual: 20 });
    const page = await readPage(query, {
      order: "desc",
      list: (slice) => batches.list({ ...slice, isOfMessages: false }, caller.owner),
      sequenceOf: (id) => batches.sequenceOf(id, caller.owner),
    });
    const data = await Promise.all(page.data.map((record) => driver.show(record)));
    return context.json({ ...page, data });
  });
  app.get("/v1/batches/:id", async (context) => {
    return context.json(await driver.show(await findBatch(batches, context)));
  });
  app.post("/v1/batches/:id/cancel", async (context) => {
    const { id } = await findBatch(batches, context);
    return context.json(await driver.show(await driver.cancel(id, context.var.owner)));
  });
}

async function createBatch(
  { env, req, var: { caller } }: ServerContext,
  { driver, onEvent }: BatchRoutesOptions,
): Promise<BatchRecord> {
  const { json } = await readJsonBody(env.incoming, { maxBytes: maxBodyBytes });
  reportIgnored({ req, given: listGivenNames(json), known: batchParameterNames, onEvent });
  const parameters = readBatchParameters(json);
  return beginBatch(parameters, { driver, caller });
}

async function findBatch(batches: BatchStore, { req, var: { owner } }: ServerContext): Promise<BatchRecord> {
  const id = req.param("id") ?? "";
  const record = await batches.get(id, owner);
  if (record !== undefined && !isMessageBatch(record)) return record;
  throw new ApiError(404, `No batch found with id '${id.slice(0, 100)}'.`);
}
