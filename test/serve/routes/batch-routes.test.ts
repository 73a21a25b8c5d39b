import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServerEvent } from "../../../src/serve.js";
import type { TestBatchServer } from "../../../src/testing.js";
import { chatLine, chatLines } from "../../lines.js";
import { createBatch, upload, waitForEnd } from "../batches.js";
import { startBatchServer } from "../start-batch-server.js";

let server: TestBatchServer;
let openai: OpenAI;

beforeAll(async () => {
  server = await startBatchServer();
  openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
});
afterAll(() => server.close());

/** What plain HTTP gives, so that `null` is told from absent. */
async function getJson(path: string): Promise<Record<string, unknown>> {
  const json: unknown = await (await fetch(`${server.baseURL}${path}`)).json();
  return json as Record<string, unknown>;
}

describe("a new batch", () => {
  test("is validating, and what is not set is null", async () => {
    const metadata = { purpose: "a test", empty: "" };
    const batch = await createBatch(openai, chatLines(2), { metadata });
    expect(batch).toEqual({
      id: expect.stringMatching(/^batch_[0-9a-f]{32}$/),
      object: "batch",
      endpoint: "/v1/chat/completions",
      model: null,
      errors: null,
      input_file_id: batch.input_file_id,
      completion_window: "24h",
      status: "validating",
      output_file_id: null,
      error_file_id: null,
      created_at: expect.any(Number),
      in_progress_at: null,
      expires_at: batch.created_at + 86_400,
      finalizing_at: null,
      completed_at: null,
      failed_at: null,
      expired_at: null,
      cancelling_at: null,
      cancelled_at: null,
      request_counts: { total: 0, completed: 0, failed: 0 },
      usage: expect.objectContaining({ total_tokens: 0 }),
      metadata,
    });
    await waitForEnd(openai, batch.id);
  });

  test("takes what the SDK sends where a parameter is left out", async () => {
    const input_file_id = await upload(openai, chatLines(1));
    const parameters = { input_file_id, endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
    for (const rest of [{}, { metadata: null }, { metadata: {} }]) {
      const batch = await openai.batches.create({ ...parameters, ...rest });
      expect(batch.metadata).toEqual(rest.metadata ?? null);
      await waitForEnd(openai, batch.id);
    }
  });

  test("passes what is not known, and the server tells of it", async () => {
    const events: ServerEvent[] = [];
    await using told = await startBatchServer({ onEvent: (event) => void events.push(event) });
    const client = new OpenAI({ baseURL: told.baseURL, apiKey: told.apiKey, maxRetries: 0 });
    const input_file_id = await upload(client, chatLines(1));
    const ignoredFor = async (more: object) => {
      events.length = 0;
      const known = { input_file_id, endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
      const batch = await client.batches.create({ ...known, ...more });
      await waitForEnd(client, batch.id);
      return events.filter(({ kind }) => kind === "ignored");
    };
    const output_expires_after = { anchor: "created_at", seconds: 3600 };
    expect(await ignoredFor({ metadata: { a: "b" }, output_expires_after })).toEqual([]);
    expect(await ignoredFor({ metdata: { a: "secret" }, idempotency_key: "secret" })).toEqual([
      {
        kind: "ignored",
        method: "POST",
        path: "/v1/batches",
        message: 'unknown parameters are ignored: "metdata" (did you mean metadata?), "idempotency_key"',
      },
    ]);
    const inner = await ignoredFor({ output_expires_after: { ...output_expires_after, second: 4 } });
    expect(inner).toMatchObject([{ message: expect.stringContaining('"output_expires_after.second"') }]);
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`x-${index}`, index]));
    expect(await ignoredFor(many)).toMatchObject([{ message: expect.stringMatching(/"x-4" and 4 more$/) }]);
    events.length = 0;
    await client.batches.list({ limit: 1 }, { query: { limt: 5 } });
    expect(events).toMatchObject([
      { path: "/v1/batches", message: 'unknown parameters are ignored: "limt" (did you mean limit?)' },
      { kind: "request", status: 200 },
    ]);
  });

  test("that is refused or fails is told of with the code of the error, its line, and how many there are", async () => {
    const events: ServerEvent[] = [];
    await using told = await startBatchServer({ onEvent: (event) => void events.push(event) });
    const client = new OpenAI({ baseURL: told.baseURL, apiKey: told.apiKey, maxRetries: 0 });
    const refused = { input_file_id: "file-none", endpoint: "/v1/x", completion_window: "24h" } as never;
    await expect(client.batches.create(refused)).rejects.toMatchObject({ status: 400 });
    const { id } = await createBatch(client, [...chatLines(2), chatLine("a"), chatLine("a"), chatLine("a")]);
    await waitForEnd(client, id);
    expect(events).toContainEqual({
      ...{ kind: "request", method: "POST", path: "/v1/batches", status: 400 },
      ...{ ms: expect.any(Number), code: "invalid_value" },
    });
    expect(events.filter(({ kind }) => kind === "batch")).toEqual([
      {
        ...{ kind: "batch", id, status: "failed" },
        error: { code: "duplicate_custom_id", line: 4, count: 2 },
      },
    ]);
  });

  const key = "k".repeat(65);
  const value = "v".repeat(513);
  const pairs = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`key${index}`, ""]));

  test.each([
    [
      { endpoint: "/v1/x" },
      "endpoint",
      "invalid_value",
      "Invalid value: '/v1/x'. Supported values are: '/v1/resp",
    ],
    [
      { endpoint: undefined },
      "endpoint",
      "missing_required_parameter",
      "Missing required parameter: 'endpoint'.",
    ],
    [
      { endpoint: 7 },
      "endpoint",
      "invalid_type",
      "Invalid type for 'endpoint': expected a string, but got an integer",
    ],
    [
      { completion_window: "48h" },
      "completion_window",
      "invalid_value",
      "Invalid value: '48h'. Supported values are: '24h'.",
    ],
    [
      { completion_window: undefined },
      "completion_window",
      "missing_required_parameter",
      "Missing required param",
    ],
    [
      { input_file_id: undefined },
      "input_file_id",
      "missing_required_parameter",
      "Missing required parameter",
    ],
    [{ input_file_id: null }, "input_file_id", "invalid_type", "expected a string, but got null instead."],
    [
      { metadata: { tags: ["a"] } },
      "metadata.tags",
      "invalid_type",
      "Invalid type for 'metadata.tags': expected a string, but got an array instead.",
    ],
    [{ metadata: "a" }, "metadata", "invalid_type", "expected an object, but got a string instead."],
    [{ metadata: pairs }, "metadata", "object_above_max_properties", "at most 16 properties"],
    [{ metadata: { [key]: "" } }, "metadata", "invalid_property_name", "maximum length 64"],
    [
      { metadata: { a: value } },
      "metadata.a",
      "string_above_max_length",
      "maximum length 512, but got a string w",
    ],
    [
      { output_expires_after: { anchor: "created_at", seconds: 3599 } },
      "output_expires_after.seconds",
      "integer_below_min_value",
      "Expected a value >= 3600, but got 3599 instead.",
    ],
    [
      { output_expires_after: { anchor: "created_at", seconds: 2_592_001 } },
      "output_expires_after.seconds",
      "integer_above_max_value",
      "Expected a value <= 2592000",
    ],
    [
      { output_expires_after: { anchor: "created_at", seconds: "3600" } },
      "output_expires_after.seconds",
      "invalid_type",
      "expected an integer, but got a string instead.",
    ],
    [
      { output_expires_after: { anchor: "now", seconds: 3600 } },
      "output_expires_after.anchor",
      "invalid_value",
      "Supported values are: 'created_at'.",
    ],
    [
      { output_expires_after: { seconds: 3600 } },
      "output_expires_after.anchor",
      "missing_required_parameter",
      "Missing required parameter: 'output_expires_after.anchor'.",
    ],
  ])("is refused with %j", async (change, param, code, message) => {
    const body = {
      input_file_id: "file-1",
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      ...change,
    };
    const response = await fetch(`${server.baseURL}/batches`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { message: expect.stringContaining(message), type: "invalid_request_error", param, code },
    });
  });

  test.each([
    ["application/json", "{"],
    ["application/json", "[]"],
    ["application/json", `{"a":"${"x".repeat(1_100_000)}"}`],
    ["text/plain", "{}"],
  ])("is refused with a body of %s that is no JSON object, or too large", async (type, body) => {
    const response = await fetch(`${server.baseURL}/batches`, {
      method: "POST",
      headers: { "content-type": type },
      body,
    });
    expect(response.status).toBe(body.length > 1_000_000 ? 413 : 400);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });
});

describe("a list of batches", () => {
  test("has the newest first, and each once however it is paged", async () => {
    await using own = await startBatchServer();
    const client = new OpenAI({ baseURL: own.baseURL, apiKey: "any", maxRetries: 0 });
    const ids: string[] = [];
    for (let count = 0; count < 7; count += 1) ids.unshift((await createBatch(client, chatLines(1))).id);
    for (const limit of [undefined, 1, 2, 3, 7, 100]) {
      const found: string[] = [];
      for await (const { id } of client.batches.list(limit === undefined ? {} : { limit })) found.push(id);
      expect(found).toEqual(ids);
    }
    const page = await client.batches.list({ limit: 3, after: ids[2] ?? "" });
    expect(page.data.map(({ id }) => id)).toEqual(ids.slice(3, 6));
    expect(page.has_more).toBe(true);
  });

  test.each(["limit=0", "limit=101", "limit=many", "after=batch_nobody"])(
    "is refused with ?%s",
    async (query) => {
      const response = await fetch(`${server.baseURL}/batches?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: query.split("=")[0] } });
    },
  );
});

describe("an unknown batch", () => {
  test("is not found, not cancelled, and not deleted", async () => {
    const notFound = {
      status: 404,
      type: "invalid_request_error",
      message: "404 No batch found with id 'batch_1'.",
    };
    await expect(openai.batches.retrieve("batch_1")).rejects.toMatchObject(notFound);
    await expect(openai.batches.cancel("batch_1")).rejects.toMatchObject(notFound);
    expect((await fetch(`${server.baseURL}/batches/..%2ffiles`)).status).toBe(404);
  });
});

describe("an unknown url", () => {
  test.each([
    ["GET", "/nothing"],
    ["DELETE", "/batches/batch_1"],
    ["POST", "/assistants"],
  ])("%s %s is not found", async (method, path) => {
    const response = await fetch(`${server.baseURL}${path}`, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    expect(await response.json()).toEqual({
      error: {
        message: expect.stringContaining(`Unknown request URL: ${method} /v1${path}. Please check the URL`),
        type: "invalid_request_error",
        param: null,
        code: "unknown_url",
      },
    });
  });
});

test("a base URL without its /v1 is told of", async () => {
  const response = await fetch(server.baseURL.replace("/v1", "/files"));
  expect(response.status).toBe(404);
  expect(await response.text()).toContain("The base URL of this server ends with /v1.");
});

describe("cancelling", () => {
  const slow = { rehearse: { faults: ["slow:1:60000"] } };

  test("takes a batch through cancelling to cancelled, and again changes nothing", async () => {
    const told: string[] = [];
    await using own = await startBatchServer({
      ...slow,
      onEvent: (event) => event.kind === "batch" && told.push(event.status),
    });
    const client = new OpenAI({ baseURL: own.baseURL, apiKey: "any", maxRetries: 0 });
    const { id } = await createBatch(client, chatLines(3));
    await expect.poll(async () => (await client.batches.retrieve(id)).status).toBe("in_progress");
    const cancelling = await client.batches.cancel(id);
    expect(cancelling).toMatchObject({
      status: "cancelling",
      cancelling_at: expect.any(Number),
      cancelled_at: null,
    });
    const cancelled = await waitForEnd(client, id);
    expect(cancelled).toMatchObject({
      status: "cancelled",
      cancelled_at: expect.any(Number),
      finalizing_at: null,
      output_file_id: null,
      error_file_id: expect.any(String),
      request_counts: { total: 3, completed: 0, failed: 0 },
    });
    expect(await client.batches.cancel(id)).toEqual(cancelled);
    expect(told).toEqual(["in_progress", "cancelling", "cancelled"]);
  });

  test("is possible before the input was read", async () => {
    await using own = await startBatchServer({ clock: { speed: 0 }, stageMs: { validating: 60_000 } });
    const client = new OpenAI({ baseURL: own.baseURL, apiKey: "any", maxRetries: 0 });
    const { id } = await createBatch(client, chatLines(3));
    expect(await client.batches.cancel(id)).toMatchObject({
      status: "cancelling",
      in_progress_at: null,
      request_counts: { total: 0, completed: 0, failed: 0 },
    });
    expect(await waitForEnd(client, id)).toMatchObject({
      status: "cancelled",
      output_file_id: null,
      error_file_id: null,
      errors: null,
    });
  });

  test("is too late once a batch is at its end", async () => {
    const completed = await createBatch(openai, chatLines(1));
    const failed = await createBatch(openai, [chatLine("a"), chatLine("a")]);
    for (const [{ id }, status] of [
      [completed, "completed"],
      [failed, "failed"],
    ] as const) {
      expect((await waitForEnd(openai, id)).status).toBe(status);
      await expect(openai.batches.cancel(id)).rejects.toMatchObject({
        status: 409,
        message: `409 Cannot cancel a batch with status '${status}'.`,
      });
      expect(await getJson(`/batches/${id}`)).toMatchObject({ status, cancelling_at: null });
    }
  });
});
