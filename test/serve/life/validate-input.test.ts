import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI, { toFile } from "openai";
import type { Batch, BatchError } from "openai/resources/batches";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxBytesPerBatch, maxRequestsPerBatch } from "../../../src/api/index.js";
import { validateInput } from "../../../src/serve/life/validate-input.js";
import type { TestBatchServer } from "../../../src/testing.js";
import { chatLine, requestLine } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { createBatch, upload, waitForEnd } from "../batches.js";
import { startBatchServer } from "../start-batch-server.js";

let server: TestBatchServer;
let openai: OpenAI;

beforeAll(async () => {
  server = await startBatchServer({ models: ["gpt-4o-mini", "other", "embed"] });
  openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
});
afterAll(() => server.close());

type Parameters = Partial<OpenAI.BatchCreateParams>;

async function end(lines: readonly string[], parameters: Parameters = {}): Promise<Batch> {
  return waitForEnd(openai, (await createBatch(openai, lines, parameters)).id);
}

async function errorsOf(lines: readonly string[], parameters: Parameters = {}): Promise<BatchError[]> {
  const batch = await end(lines, parameters);
  expect(batch).toMatchObject({
    status: "failed",
    failed_at: expect.any(Number),
    in_progress_at: null,
    finalizing_at: null,
    output_file_id: null,
    error_file_id: null,
    request_counts: { total: 0, completed: 0, failed: 0 },
    errors: { object: "list" },
  });
  return batch.errors?.data ?? [];
}

/** A line without some of its keys, or with others. */
function lineWith(change: object): string {
  return JSON.stringify({ ...JSON.parse(chatLine("changed")), ...change });
}

describe("an input line", () => {
  test.each([
    ["{", "invalid_json_line", "This line is not parseable as valid JSON.", null],
    ["[]", "invalid_json_line", "This line is not parseable as valid JSON.", null],
    ["null", "invalid_json_line", "This line is not parseable as valid JSON.", null],
    [
      lineWith({ custom_id: undefined }),
      "missing_required_parameter",
      "Missing required parameter: 'custom_id'.",
      "custom_id",
    ],
    [
      lineWith({ method: undefined }),
      "missing_required_parameter",
      "Missing required parameter: 'method'.",
      "method",
    ],
    [lineWith({ url: undefined }), "missing_required_parameter", "Missing required parameter: 'url'.", "url"],
    [
      lineWith({ body: undefined }),
      "missing_required_parameter",
      "Missing required parameter: 'body'.",
      "body",
    ],
    [lineWith({ body: "{}" }), "invalid_type", "Invalid type for 'body': expected an object.", "body"],
    [
      lineWith({ custom_id: 7 }),
      "invalid_type",
      "Invalid type for 'custom_id': expected a string.",
      "custom_id",
    ],
    [lineWith({ custom_id: "" }), "invalid_value", "Invalid 'custom_id': empty string.", "custom_id"],
    [lineWith({ method: "GET" }), "invalid_method", "The method of this request must be 'POST'.", "method"],
    [
      lineWith({ url: "/v1/responses" }),
      "invalid_url",
      "The URL provided for this request does not match the batch endpoint.",
      "url",
    ],
    [
      chatLine("a", { model: "gpt-9" }),
      "model_not_found",
      "The provided model 'gpt-9' is not supported by the Batch API.",
      "body.model",
    ],
    [chatLine("a", { model: undefined }), "invalid_request", "Model parameter is required.", "body.model"],
    [
      chatLine("a", { messages: undefined }),
      "invalid_request",
      "Messages parameter is required.",
      "body.messages",
    ],
    [
      chatLine("a", { stream: true }),
      "streaming_unsupported",
      "Chat Completions: Streaming is not supported in the Batch API.",
      "body.stream",
    ],
    [
      chatLine("first"),
      "duplicate_custom_id",
      "The custom_id 'first' for this request is a duplicate of another request. The custom_id parameter must be unique for each request in a batch.",
      "custom_id",
    ],
    [
      chatLine("a", { model: "other" }),
      "mismatched_model",
      "The model 'other' for this request does not match the rest of the batch. Each batch must contain requests for a single model.",
      "body.model",
    ],
  ])("%s fails the batch", async (line, code, message, param) => {
    expect(await errorsOf([chatLine("first"), "", chatLine("good"), line])).toEqual([
      { code, message, line: 4, param },
    ]);
  });

  test("that is not UTF-8 is no JSON", async () => {
    const content = Buffer.concat([
      Buffer.from(`${chatLine("a")}\n{"custom_id":"`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`"}\n${chatLine("\ufffd")}\n`),
    ]);
    const file = await openai.files.create({ file: await toFile(content, "a.jsonl"), purpose: "batch" });
    const batch = await openai.batches.create({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    const { errors } = await waitForEnd(openai, batch.id);
    expect(errors?.data).toMatchObject([{ code: "invalid_json_line", line: 2 }]);
  });

  test("has all that is wrong with it listed, and so have the others, by their lines", async () => {
    const lines = [
      chatLine("a"),
      "{}",
      "no json",
      chatLine("b"),
      chatLine("b", { stream: true, model: "other" }),
    ];
    expect((await errorsOf(lines)).map(({ line, code, param }) => [line, code, param])).toEqual([
      [2, "missing_required_parameter", "custom_id"],
      [2, "missing_required_parameter", "method"],
      [2, "missing_required_parameter", "url"],
      [2, "missing_required_parameter", "body"],
      [3, "invalid_json_line", null],
      [5, "duplicate_custom_id", "custom_id"],
      [5, "streaming_unsupported", "body.stream"],
      [5, "mismatched_model", "body.model"],
    ]);
  });

  test("counts also behind a thousand others that are wrong, but is not listed any more", async () => {
    const errors = await errorsOf([chatLine("a"), ...Array<string>(1500).fill("x")]);
    expect(errors).toHaveLength(1000);
    expect(errors.at(-1)).toMatchObject({ line: 1001 });
  });
});

describe("an input", () => {
  test("may have CRLF, blank lines, and no line end", async () => {
    const content = `${chatLine("a")}\r\n\r\n  \n${chatLine("b")}`;
    const file = await openai.files.create({
      file: await toFile(Buffer.from(content), "a.jsonl"),
      purpose: "batch",
    });
    const { id } = await openai.batches.create({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    expect(await waitForEnd(openai, id)).toMatchObject({
      status: "completed",
      request_counts: { total: 2, completed: 2, failed: 0 },
    });
  });

  test("that nobody uploaded, or that was deleted, fails the batch", async () => {
    const deleted = await upload(openai, [chatLine("a")]);
    await openai.files.delete(deleted);
    for (const input_file_id of ["file-nobody", deleted]) {
      const { id, status } = await openai.batches.create({
        input_file_id,
        endpoint: "/v1/chat/completions",
        completion_window: "24h",
      });
      expect(status).toBe("validating");
      const { errors } = await waitForEnd(openai, id);
      expect(errors?.data).toEqual([
        {
          code: "invalid_request",
          message: `Cannot find file ${input_file_id}, or organization org-openbatch does not have access to it.`,
          line: null,
          param: "file_id",
        },
      ]);
    }
  });

  test("that was uploaded for something else fails the batch", async () => {
    const file = await toFile(Buffer.from(chatLine("a")), "a.jsonl");
    const { id: input_file_id } = await openai.files.create({ file, purpose: "user_data" });
    const { id } = await openai.batches.create({
      input_file_id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    const { errors } = await waitForEnd(openai, id);
    expect(errors?.data).toMatchObject([{ code: "invalid_request", param: "file_id", line: null }]);
  });

  test("goes on to its end although its file is deleted meanwhile", async () => {
    await using slow = await startBatchServer({ clock: { speed: 0 }, stageMs: { validating: 1000 } });
    const client = new OpenAI({ baseURL: slow.baseURL, apiKey: "any" });
    const batch = await createBatch(client, [chatLine("a")]);
    await client.files.delete(batch.input_file_id);
    await slow.clock.advance(1000);
    expect(await waitForEnd(client, batch.id)).toMatchObject({ status: "completed" });
  });

  test("may have 50,000 requests and no more", async () => {
    const lines = Array.from({ length: maxRequestsPerBatch + 1 }, (_, index) => `{"custom_id":"${index}"}`);
    const many = await errorsOf(lines);
    expect(many).toMatchObject([{ code: "too_many_requests", line: null, param: null }]);
    const few = await errorsOf(lines.slice(0, maxRequestsPerBatch));
    expect(few[0]).toMatchObject({ code: "missing_required_parameter" });
  });

  test("may have 50,000 embedding inputs and no more", async () => {
    const embed = (custom_id: string, inputs: number): string =>
      requestLine(
        custom_id,
        { model: "embed", input: Array<string>(inputs).fill("a"), dimensions: 1 },
        "/v1/embeddings",
      );
    const lines = Array.from({ length: 25 }, (_, index) => embed(`${index}`, 2000));
    const parameters = { endpoint: "/v1/embeddings" } as const;
    expect(await errorsOf([...lines, embed("one more", 1)], parameters)).toMatchObject([
      { code: "too_many_embedding_inputs", line: null, param: null },
    ]);
    expect((await end(lines, parameters)).status).toBe("completed");
  });

  test("may have 209,715,200 bytes and no more", async () => {
    const path = join(temporaryFolder(), "large.jsonl");
    const options = {
      endpoint: "/v1/chat/completions",
      models: undefined,
      signal: new AbortController().signal,
    };
    writeFileSync(path, `${chatLine("a")}\n`);
    // What follows takes no room on the disk.
    truncateSync(path, maxBytesPerBatch + 1);
    expect(await validateInput(path, options)).toEqual({
      kind: "invalid",
      errors: [
        {
          code: "file_too_large",
          message:
            "The batch input file is larger than the 209715200 maximum for the gpt-4o-mini model. Please try again with a smaller batch.",
          line: null,
          param: null,
        },
      ],
    });
    truncateSync(path, maxBytesPerBatch);
    // Stopped after the first bytes, which say that it is not too large.
    const verdict = await validateInput(path, { ...options, signal: AbortSignal.abort() });
    expect(verdict).toMatchObject({ errors: [{ code: "invalid_json_line", line: 2 }] });
  });
});

describe("the model", () => {
  test("may be left out where an endpoint has a usual one, and for a prompt of the service", async () => {
    const moderation = lineWith({ url: "/v1/moderations", body: { input: "a" } });
    const response = lineWith({ url: "/v1/responses", body: { prompt: { id: "pmpt_1" } } });
    expect((await end([moderation], { endpoint: "/v1/moderations" })).status).toBe("completed");
    expect((await end([response], { endpoint: "/v1/responses" })).status).toBe("completed");
    const without = lineWith({ url: "/v1/responses", body: { input: "a" } });
    expect(await errorsOf([without], { endpoint: "/v1/responses" })).toMatchObject([
      { message: "Model parameter is required." },
    ]);
  });
});
