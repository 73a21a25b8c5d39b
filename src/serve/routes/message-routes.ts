import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { isAtEnd } from "../../api/index.js";
import { isNotFound } from "../../files/index.js";
import { messagesURL } from "../../rehearse/index.js";
import type { Answering } from "../protocol/answering.js";
import { ApiError } from "../protocol/api-error.js";
import {
  fromMessageBatchId,
  toMessageBatch,
  toMessageBatchId,
  toMessageResultLine,
} from "../protocol/message-batch-view.js";
import { type PageQuery, readPageQuery, toPage } from "../protocol/page.js";
import { readJsonBody } from "../protocol/read-json-body.js";
import { readMessageRequests } from "../protocol/read-message-requests.js";
import type { ServerApp, ServerContext } from "../protocol/server-context.js";
import { type BatchRecord, isMessageBatch } from "../store/batch-record.js";
import type { BatchRoutesOptions } from "./batch-routes.js";
import { answerRequest } from "./endpoint-routes.js";

const batchesURL = `${messagesURL}/batches`;
/** What Anthropic takes in one call, in bytes. */
const maxBodyBytes = 256_000_000;
const outputSeconds = 29 * 86_400;

/** Says that nobody has seen the live service answer so: the shape is from its pages or its SDK, the words are our own. */
const unseenHeader = "openbatch-unseen";

export interface MessageRoutesOptions extends BatchRoutesOptions {
  readonly answering: Answering;
}

const longestValidationMs = 10_000;

/**
 * Answers what Anthropic answers under `/v1/messages`, in rehearsal. Recorded of the live service are: a batch from its making to its
 * end, its results where all succeeded, its cancelling. Every other answer has a header that says so.
 */
export function addMessageRoutes(app: ServerApp, options: MessageRoutesOptions): void {
  const { batches, runner, files } = options;
  const show = async (context: ServerContext, record: BatchRecord) =>
    toMessageBatch(await runner.show(record), toResultsURL(context, record.id));
  app.post(messagesURL, (context) => {
    context.header(unseenHeader, "true");
    return answerRequest(context, messagesURL, options.answering);
  });
  app.post(batchesURL, async (context) => {
    const { json } = await readJsonBody(context.env.incoming, { maxBytes: maxBodyBytes });
    return context.json(await show(context, await createBatch(json, options)));
  });
  app.get(batchesURL, async (context) => {
    context.header(unseenHeader, "true");
    const { data, has_more } = toPage(batches.list().filter(isMessageBatch), readQuery(context), {
      order: "desc",
      sequenceOf: (id) => batches.get(id)?.sequence,
    });
    const [first, last] = [data[0]?.id, data.at(-1)?.id];
    return context.json({
      data: await Promise.all(data.map((record) => show(context, record))),
      has_more,
      first_id: first === undefined ? null : toMessageBatchId(first),
      last_id: last === undefined ? null : toMessageBatchId(last),
    });
  });
  app.get(`${batchesURL}/:id`, async (context) => context.json(await show(context, find(context, options))));
  app.post(`${batchesURL}/:id/cancel`, async (context) => {
    const { id } = find(context, options);
    await untilValidated(id, options);
    return context.json(await show(context, await runner.cancel(id)));
  });
  app.get(`${batchesURL}/:id/results`, (context) => {
    const record = find(context, options);
    if (!isAtEnd(record.object)) throw new ApiError(404, "The results of this batch are not ready yet.");
    const paths = [record.outputFileId, record.errorFileId].map((id) => files.pathOf(id));
    const { completed, total } = record.object.request_counts;
    const headers = {
      "content-type": "application/x-jsonl",
      ...(completed === total ? {} : { [unseenHeader]: "true" }),
    };
    return new Response(Readable.toWeb(Readable.from(readResults(paths))) as ReadableStream, { headers });
  });
}

/** There is no such state at Anthropic: of a batch that is cancelled in it, no request would have its line. */
async function untilValidated(id: string, { batches }: MessageRoutesOptions): Promise<void> {
  const end = performance.now() + longestValidationMs;
  while (batches.get(id)?.object.status === "validating" && performance.now() < end) await sleep(5);
}

async function createBatch(json: unknown, { batches, runner }: MessageRoutesOptions): Promise<BatchRecord> {
  const { lines } = readMessageRequests(json);
  const parameters = {
    endpoint: messagesURL,
    // There is no file: the input of the batch is written at once.
    inputFileId: "",
    metadata: { requests: `${lines.length}` },
    outputSeconds,
  };
  const record = await batches.create(parameters, (id) =>
    writeFile(batches.inputPathOf(id), `${lines.join("\n")}\n`),
  );
  runner.start(record.id);
  return record;
}

function find(context: ServerContext, { batches }: MessageRoutesOptions): BatchRecord {
  const id = context.req.param("id") ?? "";
  const record = batches.get(fromMessageBatchId(id));
  if (record !== undefined && isMessageBatch(record) && id !== record.id) return record;
  throw new ApiError(404, `There is no batch ${id.slice(0, 100)}.`);
}

function readQuery({ req }: ServerContext): PageQuery {
  const { limit, after_id } = req.query();
  const query = {
    ...(limit === undefined ? {} : { limit }),
    ...(after_id === undefined ? {} : { after: fromMessageBatchId(after_id) }),
  };
  return readPageQuery(query, { most: 1000, usual: 20 });
}

function toResultsURL({ req }: ServerContext, id: string): string {
  return new URL(`${batchesURL}/${toMessageBatchId(id)}/results`, req.url).href;
}

async function* readResults(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) {
    try {
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity }))
        if (line !== "") yield Buffer.from(`${toMessageResultLine(line)}\n`);
    } catch (error) {
      // There is no file of what there is none of.
      if (!isNotFound(error)) throw error;
    }
  }
}
