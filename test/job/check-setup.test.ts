import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { checkSetup, type SetupReport } from "../../src/job.js";
import { startBatchServer } from "../../src/testing.js";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A service that answers all with one status. */
async function startService(status: number, body: unknown, headers: Record<string, string> = {}) {
  const asked: { url: string; key: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? "", key: request.headers.authorization });
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return { baseURL: `http://127.0.0.1:${port}/v1`, asked };
}

function find({ items }: SetupReport, name: string) {
  return items.find((item) => item.name === name);
}

test("all is well with a server that answers and a key that it takes", async () => {
  await using server = await startBatchServer();
  const report = await checkSetup({ baseURL: server.baseURL, apiKey: "sk-of-the-doctor" });
  expect(report.isReady).toBe(true);
  expect(report.items.map(({ name, state }) => `${name} ${state}`)).toEqual(
    "openbatch Node openai tokenizer disk service key answer clock".split(" ").map((name) => `${name} good`),
  );
  expect(`${report}`.split("\n")).toHaveLength(9);
  expect(`${report}${JSON.stringify(report)}`).not.toContain("sk-of-the-doctor");
  expect(packageJson.peerDependencies.openai).toBe("^6.49.0 || ^7.0.0");
});

test("a client is asked with", async () => {
  const { baseURL, asked } = await startService(200, { data: [] });
  const report = await checkSetup({ client: new OpenAI({ baseURL, apiKey: "sk-of-the-client" }) });
  expect([find(report, "key")?.state, find(report, "answer")?.state]).toEqual(["good", "good"]);
  expect(asked).toEqual([{ url: "/v1/batches?limit=1", key: "Bearer sk-of-the-client" }]);
});

test.each([
  [
    401,
    { error: { message: "Incorrect API key provided: sk-secret-of-mine" } },
    "failing",
    "does not take the key",
  ],
  [404, { error: { message: "Not found" } }, "failing", "no Batch API there"],
  [503, { error: { message: "Down" } }, "failing", "Try again later."],
])(
  "a service that answers %i is asked once, and told of without the key",
  async (status, body, state, hint) => {
    const { baseURL, asked } = await startService(status, body);
    const report = await checkSetup({ baseURL, apiKey: "sk-secret-of-mine" });
    expect(find(report, "answer")).toMatchObject({ state, hint: expect.stringContaining(hint) });
    expect([report.isReady, asked.length]).toEqual([false, 1]);
    expect(`${report}`).not.toContain("sk-secret-of-mine");
  },
);

test("a service that wants a key where none is given is there", async () => {
  const { baseURL } = await startService(401, { error: { message: "No key" } });
  const report = await checkSetup({ baseURL, provider: "custom" });
  expect(find(report, "key")).toMatchObject({
    state: "doubtful",
    hint: expect.stringContaining("--api-key-env"),
  });
  expect(find(report, "answer")).toMatchObject({
    state: "good",
    text: expect.stringContaining("wants a key"),
  });
});

test.each([
  [3_000, "good"],
  [120_000, "doubtful"],
  [-120_000, "doubtful"],
  [3_600_000, "failing"],
])("a clock that is off by %i ms is %s", async (offMs, state) => {
  const date = new Date(Date.now() - offMs).toUTCString();
  const { baseURL } = await startService(200, { data: [] }, { date });
  const report = await checkSetup({ baseURL });
  expect(find(report, "clock")).toMatchObject({
    state,
    text: expect.stringContaining(offMs < 0 ? "behind the service's" : "ahead of the service's"),
  });
});

test("what is missing is told, and the service asked all the same where it is known", async () => {
  const nothing = await checkSetup({ baseURL: "http://127.0.0.1:9/v1", apiKeyEnv: "NO_SUCH_KEY" });
  expect(find(nothing, "key")).toMatchObject({
    state: "missing",
    text: "The environment variable NO_SUCH_KEY is not set.",
  });
  expect(find(nothing, "answer")).toMatchObject({
    state: "failing",
    text: expect.stringContaining("none: "),
  });
  // @ts-expect-error no such service
  await expect(checkSetup({ provider: "grok" })).rejects.toMatchObject({ code: "invalid_option" });
  const reason = new Error("enough");
  await expect(
    checkSetup({ baseURL: "http://127.0.0.1:9/v1", signal: AbortSignal.abort(reason) }),
  ).rejects.toBe(reason);
});
