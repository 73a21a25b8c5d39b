import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import OpenAI from "openai";
import { expect, onTestFinished, test } from "vitest";
import { chatLines, requestIds } from "../../lines.js";
import { createBatch, download, idsOf, waitForEnd } from "../batches.js";
import { startBatchServer } from "../start-batch-server.js";

interface Answer {
  readonly status: number;
  readonly error: object;
}

const noEndpoint: Answer = { status: 404, error: { message: "Not Found" } };
const noModel: Answer = {
  status: 404,
  error: { message: "The model `gpt-4o-mini` does not exist", code: "model_not_found" },
};
const noKey: Answer = { status: 401, error: { message: "Bad key." } };

/** A server that answers chats until it is told otherwise, one at a time, and what was said of batches that wait for it. */
async function startUpstream(refusalOf: (count: number) => Answer | undefined) {
  let count = 0;
  const upstream = createServer((incoming, outgoing) => {
    incoming.resume().on("end", () => {
      count += 1;
      const refusal = refusalOf(count);
      outgoing.writeHead(refusal?.status ?? 200, { "content-type": "application/json" });
      outgoing.end(JSON.stringify(refusal === undefined ? { id: "chatcmpl-1" } : { error: refusal.error }));
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const waiting: string[] = [];
  const { port } = upstream.address() as AddressInfo;
  const server = await startBatchServer({
    upstream: { baseURL: `http://127.0.0.1:${port}/v1` },
    concurrency: 1,
    onEvent: (event) => event.kind === "waiting" && waiting.push(event.message),
  });
  onTestFinished(async () => {
    await server.close();
    upstream.closeAllConnections();
    upstream.close();
  });
  return { waiting, openai: new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 }) };
}

test.each([
  ["an endpoint", noEndpoint, "unknown_url"],
  ["a model", noModel, "model_not_found"],
])("a batch for %s that the upstream does not have fails", async (_, refusal, code) => {
  const { openai, waiting } = await startUpstream(() => refusal);
  const { id } = await createBatch(openai, chatLines(5));
  expect(await waitForEnd(openai, id)).toMatchObject({
    status: "failed",
    errors: { data: [{ code, line: null }] },
    request_counts: { total: 0 },
  });
  expect(waiting).toEqual([]);
});

test.each([
  ["an endpoint", noEndpoint, "unknown_url"],
  ["a model", noModel, "model_not_found"],
])(
  "%s that is gone for good in the middle fails what is left",
  async (_, refusal, code) => {
    const { openai } = await startUpstream((count) => (count > 2 ? refusal : undefined));
    const { id } = await createBatch(openai, chatLines(6));
    const batch = await waitForEnd(openai, id);
    expect(batch).toMatchObject({
      status: "completed",
      request_counts: { total: 6, completed: 2, failed: 4 },
    });
    const output = await download(openai, batch.output_file_id);
    const errors = await download(openai, batch.error_file_id);
    expect(output).toHaveLength(2);
    expect(errors.map(({ response, error }) => [response, error?.code])).toEqual(Array(4).fill([null, code]));
    expect(idsOf([...output, ...errors])).toEqual(requestIds(6));
  },
  20_000,
);

test.each([
  ["key that is refused", noKey],
  ["model that is still being loaded", noModel],
])("a batch goes on behind a %s, once that is mended", async (_, refusal) => {
  const { openai, waiting } = await startUpstream((count) =>
    waiting.length === 0 && count > 1 ? refusal : undefined,
  );
  const { id } = await createBatch(openai, chatLines(6));
  expect(await waitForEnd(openai, id)).toMatchObject({
    status: "completed",
    error_file_id: null,
    request_counts: { total: 6, completed: 6, failed: 0 },
  });
  expect(waiting).toHaveLength(1);
});
