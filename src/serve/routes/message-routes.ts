import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { isAtEnd } from "../../api/index.js";
import { LineScanner } from "../../jsonl/index.js";
import { messagesURL } from "../../rehearse/index.js";
import type { Answering } from "../protocol/answering.js";
import { ApiError } from "../protocol/api-error.js";
import type { Caller } from "../protocol/callers.js";
import {
  fromMessageBatchId,
  toMessageBatch,
  toMessageBatchId,
  toMessageResultLine,
} from "../protocol/message-batch-view.js";
import { type PageQuery, readPage, readPageQuery } from "../protocol/page.js";
import { readJsonBody } from "../protocol/read-json-body.js";
import { readMessageRequests } from "../protocol/read-message-requests.js";
import type { ServerApp, ServerContext } from "../protocol/server-context.js";
import { type BatchRecord, isMessageBatch } from "../store/batch-record.js";
import type { FileContent, FileStore } from "../store/file-store.js";
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
  readonly files: FileStore;
}

const longestValidationMs = 10_000;

/**
 * Answers what Anthropic answers under `/v1/messages`, in rehearsal. Recorded of the live service are: a batch from its making to its
 * end, its results where all succeeded, its cancelling. Every other answer has a header that says so.
 */
export function addMessageRoutes(app: ServerApp, options: MessageRoutesOptions): void {
  const { batches, driver, files } = options;
  const show = async (context: ServerContext, record: BatchRecord) =>
    toMessageBatch(await driver.show(record), toResultsURL(context, record.id));
  app.post(messagesURL, (context) => {
    context.header(unseenHeader, "true");
    return answerRequest(context, messagesURL, options.answering);
  });
  app.post(batchesURL, async (context) => {
    const { json } = await readJsonBody(context.env.incoming, { maxBytes: maxBodyBytes });
    return context.json(await show(context, await createBatch(json, context.var.caller, options)));
  });
  app.get(batchesURL, async (context) => {
    context.header(unseenHeader, "true");
    const { owner } = context.var;
    const { data, has_more } = await readPage(readQuery(context), {
      order: "desc",
      list: (slice) => batches.list({ ...slice, isOfMessages: true }, owner),
      sequenceOf: (id) => batches.sequenceOf(id, owner),
    });
    const [first, last] = [data[0]?.id, data.at(-1)?.id];
    return context.json({
      data: await Promise.all(data.map((record) => show(context, record))),
      has_more,
      first_id: first === undefined ? null : toMessageBatchId(first),
      last_id: last === undefined ? null : toMessageBatchId(last),
    });
  });
  app.get(`${batchesURL}/:id`, async (context) =>
    context.json(await show(context, await find(context, options))),
  );
  app.post(`${batchesURL}/:id/cancel`, async (context) => {
    const { owner } = context.var;
    const { id } = await find(context, options);
    await untilValidated(id, owner, options);
    return context.json(await show(context, await driver.cancel(id, owner)));
  });
  app.get(`${batchesURL}/:id/results`, async (context) => {
    const record = await find(context, options);
    if (!isAtEnd(record.object)) throw new ApiError(404, "The results of this batch are not ready yet.");
    const contents = [record.outputFileId, record.errorFileId].map((id) => files.contentOf(id));
    const { completed, total } = record.object.request_counts;
    const headers = {
      "content-type": "application/x-jsonl",
      ...(completed === total ? {} : { [unseenHeader]: "true" }),
    };
    return new Response(Readable.toWeb(Readable.from(readResults(contents))) as ReadableStream, { headers });
  });
}

/** There is no such state at Anthropic: of a batch that is cancelled in it, no request would have its line. */
async function untilValidated(id: string, owner: string, { batches }: MessageRoutesOptions): Promise<void> {
  const end = performance.now() + longestValidationMs;
  while (performance.now() < end) {
    if ((await batches.get(id, owner))?.object.status !== "validating") return;
    await sleep(5);
  }
}

async function createBatch(
  json: unknown,
  caller: Caller,
  { driver }: MessageRoutesOptions,
): Promise<BatchRecord> {
  const { lines } = readMessageRequests(json);
  const parameters = {
    endpoint: messagesURL,
    // There is no file: the input of the batch is written at once.
    inputFileId: "",
    input: `${lines.join("\n")}\n`,
    metadata: { requests: `${lines.length}` },
    outputSeconds,
  };
  return driver.create(parameters, caller);
}

async function find(context: ServerContext, { batches }: MessageRoutesOptions): Promise<BatchRecord> {
  const id = context.req.param("id") ?? "";
  const record = await batches.get(fromMessageBatchId(id), context.var.owner);
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

async function* readResults(contents: readonly FileContent[]): AsyncGenerator<Buffer> {
  for (const content of contents) {
    // There is no file of what there is none of.
    if ((await content.size()) === undefined) continue;
    const lines: Buffer[] = [];
    const scanner = new LineScanner(({ bytes }) => {
      if (bytes.length > 0) lines.push(Buffer.from(`${toMessageResultLine(bytes.toString())}\n`));
    });
    for await (const chunk of content.read()) {
      scanner.push(chunk);
      yield* lines.splice(0);
    }
    scanner.end();
    yield* lines;
  }
}
