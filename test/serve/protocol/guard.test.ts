import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestBatchServer } from "../../../src/testing.js";
import { startBatchServer } from "../start-batch-server.js";

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A request with headers that `fetch` does not let through. */
function send(
  server: TestBatchServer,
  headers: Record<string, string>,
  path = "/v1/models",
): Promise<Answer> {
  const { port } = new URL(server.baseURL);
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, path, headers, agent: false }, (incoming) => {
      let body = "";
      incoming.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      incoming.on("end", () => resolve({ status: incoming.statusCode, headers: incoming.headers, body }));
    });
    outgoing.on("error", reject).end();
  });
}

describe("a server without a key", () => {
  let server: TestBatchServer;
  beforeAll(async () => {
    server = await startBatchServer();
  });
  afterAll(() => server.close());

  test.each(["localhost", "localhost:4040", "127.0.0.1", "127.0.0.1:1", "LOCALHOST:80", "[::1]:4040"])(
    "answers to the host %s",
    async (host) => {
      expect((await send(server, { host })).status).toBe(200);
    },
  );

  test.each([
    "evil.example",
    "evil.example:4040",
    "127.0.0.1.evil.example",
    "localhost.evil.example:4040",
    "0.0.0.0",
  ])("does not answer to the host %s, which a page in a browser may have led here", async (host) => {
    const { status, headers, body } = await send(server, { host });
    expect(status).toBe(421);
    expect(headers["x-request-id"]).toMatch(/^req_/);
    expect(JSON.parse(body)).toMatchObject({ error: { code: "host_not_allowed" } });
    expect(body).not.toContain("evil");
  });

  test("does not answer pages of other places, nor allows them to read anything", async () => {
    for (const origin of [
      "https://evil.example",
      "null",
      "file://",
      "http://localhost.evil.example",
      // Any program on this machine may serve pages; so may one on the port of another.
      "http://localhost:3000",
      "http://localhost",
    ]) {
      const { status, headers } = await send(server, { origin });
      expect(status).toBe(403);
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
    const { origin, host } = new URL(server.baseURL);
    expect((await send(server, { origin })).status).toBe(403);
    expect((await send(server, { origin, host })).status).toBe(200);
  });

  test("takes any key, or none", async () => {
    for (const authorization of ["Bearer sk-whatever", "Bearer", "Basic eA=="]) {
      expect((await send(server, { authorization })).status).toBe(200);
    }
  });
});

describe("a server with a key", () => {
  const apiKey = "the key of the server";
  let server: TestBatchServer;
  beforeAll(async () => {
    server = await startBatchServer({ apiKey });
  });
  afterAll(() => server.close());

  test("answers to it alone, on every path", async () => {
    expect((await send(server, { authorization: `Bearer ${apiKey}` })).status).toBe(200);
    for (const path of ["/v1/models", "/v1/files", "/v1/batches/batch_1/cancel", "/nothing"]) {
      for (const authorization of [undefined, "Bearer x", `Bearer ${apiKey}x`, "Bearer ", apiKey.slice(1)]) {
        const { status, body } = await send(
          server,
          authorization === undefined ? {} : { authorization },
          path,
        );
        expect(status).toBe(401);
        expect(JSON.parse(body)).toMatchObject({ error: { type: "invalid_request_error", param: null } });
        expect(body).not.toContain(apiKey);
      }
    }
  });

  test("says in the service's words which key is wrong", async () => {
    const { body } = await send(server, { authorization: "Bearer sk-secret" });
    expect(JSON.parse(body)).toEqual({
      error: {
        message: "Incorrect API key provided.",
        type: "invalid_request_error",
        param: null,
        code: "invalid_api_key",
      },
    });
  });
});

test("a server for others needs a key, and then answers to any host", async () => {
  await expect(startBatchServer({ host: "0.0.0.0" })).rejects.toMatchObject({
    code: "invalid_option",
    hint: expect.stringContaining("--api-key-env"),
  });
  await using server = await startBatchServer({ host: "0.0.0.0", apiKey: "k" });
  const { status } = await send(server, { host: "build-server.example:80", authorization: "Bearer k" });
  expect(status).toBe(200);
});

test("headers that are too large end the connection with an error in the service's shape", async () => {
  await using server = await startBatchServer();
  const { status, headers, body } = await send(server, { "x-long": "x".repeat(20_000) });
  expect(status).toBe(431);
  expect(headers).toMatchObject({ connection: "close", "x-request-id": expect.stringMatching(/^req_/) });
  expect(JSON.parse(body)).toMatchObject({ error: { type: "invalid_request_error", code: null } });
});

/** Says something, and gives what came back once the connection is closed. @param then is said behind the first of it. */
function answerTo(server: TestBatchServer, text: string, then = ""): Promise<string> {
  const { port } = new URL(server.baseURL);
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(text));
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      if (received === "") socket.write(then);
      received += chunk;
    });
    socket.on("error", () => undefined).on("close", () => resolve(received));
  });
}

const post = "POST /v1/batches HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";

test.each([
  ["what is no HTTP", "\0\0 nonsense\r\n\r\n"],
  ["a length that is none", `${post}content-length: x\r\n\r\n`],
  ["a chunk that is none", `${post}transfer-encoding: chunked\r\n\r\nnonsense\r\n`],
])("%s ends the connection with an error in the service's shape, and the server goes on", async (_, text) => {
  await using server = await startBatchServer();
  const [head = "", body = ""] = (await answerTo(server, text)).split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(head).toMatch(/^x-request-id: req_[0-9a-f]{32}$/m);
  expect(head).toMatch(/^connection: close$/m);
  expect(JSON.parse(body)).toMatchObject({ error: { type: "invalid_request_error", code: null } });
  expect((await fetch(`${server.baseURL}/models`)).status).toBe(200);
});

test("nonsense behind a request that is being answered is not mixed into its answer", async () => {
  await using server = await startBatchServer();
  const content = `{"custom_id":"${"x".repeat(20_000_000)}"}\n`;
  const form = new FormData();
  form.set("purpose", "user_data");
  form.set("file", new File([content], "a.jsonl"));
  const created = await fetch(`${server.baseURL}/files`, { method: "POST", body: form });
  const { id } = (await created.json()) as { readonly id: string };
  const request = `GET /v1/files/${id}/content HTTP/1.1\r\nhost: localhost\r\n\r\n`;
  const text = await answerTo(server, request, "\0\0 nonsense\r\n\r\n");
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(text).not.toContain("HTTP/1.1 400");
});

test("a request without a Host gets an error in the service's shape", async () => {
  await using server = await startBatchServer();
  const text = await answerTo(server, "GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n");
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(text).toContain('{"error":{');
});
