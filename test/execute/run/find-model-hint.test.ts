import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type ExecuteBatchFileOptions, executeBatchFile, RunStoppedError } from "../../../src/execute.js";
import { requestIds, writeRequests } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { type LoopbackServer, type Reply, startLoopbackServer } from "../loopback-server.js";

const root = temporaryFolder();
const key = "sk-of-these-tests-1234567890";
const notFound: Reply = {
  status: 404,
  body: { error: { message: 'model "lama3.2" not found, try pulling it first', type: "api_error" } },
};

let server: LoopbackServer | undefined;
afterEach(() => server?.close());

/** Runs a file for a model that the server does not have, and gives how the run stopped. */
async function stop(models: Reply, options: ExecuteBatchFileOptions = {}): Promise<RunStoppedError> {
  server = await startLoopbackServer(({ path }) => (path === "/v1/models" ? models : notFound));
  const file = join(mkdtempSync(join(root, "run-")), "requests.jsonl");
  writeRequests(file, requestIds(3));
  const run = executeBatchFile(file, {
    baseURL: server.baseURL,
    apiKey: key,
    model: "lama3.2",
    maxRetries: 0,
    ...options,
  });
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RunStoppedError) return error;
  throw new Error("The run did not stop.");
}

function list(...names: readonly string[]): Reply {
  return { body: { object: "list", data: names.map((id) => ({ id, object: "model" })) } };
}

function timesAsked(): number {
  return server?.requests.filter(({ path }) => path === "/v1/models").length ?? 0;
}

const goOn = "Run again, it goes on where it stopped.";

describe("a run that stops because the server does not have the model", () => {
  test("says what was probably meant, and what the server has, which it asks once with the key of the run", async () => {
    const error = await stop(list("qwen3:8b", "llama3.2", "mistral"));
    expect(error).toMatchObject({ code: "unknown_model" });
    expect(error.message).toContain('has no model "lama3.2"');
    expect(error.hint).toBe(
      `Send to a model that the server has: model (--model NAME). Did you mean "llama3.2"? It has "llama3.2", "qwen3:8b", "mistral". ${goOn}`,
    );
    expect(timesAsked()).toBe(1);
    expect(server?.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`);
  });

  test("means a longer name where one holds what was asked for, and shows ten of many, alike ones first", async () => {
    const names = Array.from({ length: 14 }, (_, index) => `model-${index}`);
    const { hint } = await stop(list(...names, "Meta/Llama3.2-Instruct"), { model: "llama3.2" });
    expect(hint).toContain(
      'Did you mean "Meta/Llama3.2-Instruct"? It has "Meta/Llama3.2-Instruct", "model-0",',
    );
    expect(hint).toContain('"model-8" and 5 more.');
  });

  test("says that the server lists none, or that very one", async () => {
    expect((await stop(list())).hint).toContain("The server lists no model at all");
    await server?.close();
    expect((await stop(list("lama3.2"))).hint).toContain('The server lists "lama3.2", though');
  });

  test.each([
    ["refuses to list", { status: 401, body: { error: { message: `no ${key}` } } }],
    ["answers with a page", { body: "<!doctype html>" }],
    ["answers with something else", { body: { data: "none" } }],
    ["does not answer", { hang: true }],
    ["breaks the connection", { reset: true }],
  ] as const)("stops as ever where the server %s", async (_, models) => {
    const error = await stop(models);
    expect(error).toMatchObject({ code: "unknown_model" });
    expect(error.hint).toBe(
      `Send to a model that the server has: model (--model NAME); GET /models of the server lists them. ${goOn}`,
    );
    expect(`${error.message} ${error.hint}`).not.toContain(key);
  });
});

test("a run that stops for another cause asks for no models", async () => {
  server = await startLoopbackServer(() => ({ status: 401, body: { error: { message: "Invalid key" } } }));
  const file = join(mkdtempSync(join(root, "run-")), "requests.jsonl");
  writeRequests(file, requestIds(3));
  await expect(executeBatchFile(file, { baseURL: server.baseURL })).rejects.toMatchObject({
    code: "key_refused",
  });
  expect(timesAsked()).toBe(0);
});
