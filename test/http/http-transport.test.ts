import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { HttpTransport, type HttpTransportOptions } from "../../src/http/http-transport.js";
import { TransportFailure } from "../../src/http/transport.js";
import type { ServerAnswer } from "../../src/outcome/server-answer.js";
import { laneRequest, until } from "../execute/lane-requests.js";
import { findFreePort, startLoopbackServer } from "../execute/loopback-server.js";

function open(options: HttpTransportOptions): HttpTransport {
  const transport = new HttpTransport({ environment: {}, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

function send(transport: HttpTransport, signal = new AbortController().signal): Promise<ServerAnswer> {
  return transport.send(laneRequest(1), 1, signal);
}

async function failureOf(answer: Promise<ServerAnswer>): Promise<TransportFailure> {
  const failure = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof TransportFailure))
    throw new Error("expected a TransportFailure", { cause: failure });
  return failure;
}

describe("what is sent", () => {
  test("goes to the base URL's path, with the headers of JSON and no key where none is given", async () => {
    await using server = await startLoopbackServer();
    await send(open({ baseURL: server.baseURL }));
    const [request] = server.requests;
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(request?.path).toBe("/v1/chat/completions");
    expect(request?.body).toBe(laneRequest(1).body);
    expect(request?.headers).toEqual({
      host: new URL(server.baseURL).host,
      connection: "keep-alive",
      accept: "application/json",
      "accept-encoding": "identity",
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(laneRequest(1).body)),
      "user-agent": `openbatch/${version}`,
    });
  });

  test("carries the key, and headers of the user's, which win", async () => {
    await using server = await startLoopbackServer();
    const headers = { "X-Tenant": "blue", "User-Agent": "mine/1" };
    await send(open({ baseURL: server.baseURL, apiKey: "sk-1234567890", headers }));
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: "Bearer sk-1234567890",
      "x-tenant": "blue",
      "user-agent": "mine/1",
    });
  });

  test("keeps a body beyond ASCII as it is", async () => {
    await using server = await startLoopbackServer();
    const body = JSON.stringify({ text: "naïve 日本語 😀 \u2028" });
    const transport = open({ baseURL: server.baseURL });
    await transport.send({ ...laneRequest(1), body }, 1, new AbortController().signal);
    expect(server.requests[0]?.body).toBe(body);
  });

  test("takes the connection that has just answered", async () => {
    await using server = await startLoopbackServer();
    const transport = open({ baseURL: server.baseURL });
    for (let number = 0; number < 5; number++) await send(transport);
    expect(server.connections).toBe(1);
  });

  test.each([
    ["a key with a line end", { apiKey: "sk-secret\nsecond line" }],
    ["a header's value with a line end", { headers: { "x-key": "sk-secret\nsecond line" } }],
    ["a header with no name", { headers: { "": "sk-secret" } }],
    ["a header that belongs to the connection", { headers: { "Content-Length": "sk-secret" } }],
  ])("is refused with %s, which is not shown", (_, options) => {
    const refuse = (): unknown => new HttpTransport({ baseURL: "http://127.0.0.1:9/v1", ...options });
    expect(refuse).toThrow(expect.objectContaining({ code: "invalid_option" }));
    expect(refuse).not.toThrow(/secret/);
  });
});

describe("an answer", () => {
  test("has its status, its headers by their names in lower case, and its body", async () => {
    await using server = await startLoopbackServer(() => ({
      status: 418,
      headers: { "X-Custom": "one", "set-cookie": "a=1" },
      body: "short and stout",
    }));
    const answer = await send(open({ baseURL: server.baseURL }));
    expect(answer).toMatchObject({ status: 418, body: "short and stout" });
    expect(answer.header("x-custom")).toBe("one");
    expect(answer.header("x-request-id")).toBe("req_loopback_1");
    expect(answer.header("x-absent")).toBeUndefined();
  });

  test("that is a redirect is not followed, so that the key does not travel", async () => {
    await using elsewhere = await startLoopbackServer();
    await using server = await startLoopbackServer(() => ({
      status: 307,
      headers: { location: `${elsewhere.baseURL}/chat/completions` },
      body: "",
    }));
    expect(await send(open({ baseURL: server.baseURL, apiKey: "sk-1234567890" }))).toMatchObject({
      status: 307,
    });
    expect(elsewhere.requests).toEqual([]);
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("that comes as %s, which nobody asked for, is decoded", async (encoding, compress) => {
    const text = JSON.stringify({ text: "日本語".repeat(1000) });
    await using server = await startLoopbackServer(() => ({
      bytes: compress(Buffer.from(text)),
      headers: { "content-encoding": encoding },
    }));
    expect((await send(open({ baseURL: server.baseURL }))).body).toBe(text);
  });

  test("that is damaged, or packed in an unknown way, is a failed connection", async () => {
    await using server = await startLoopbackServer(({ number }) => ({
      body: "not packed",
      headers: { "content-encoding": number === 1 ? "gzip" : "zstd" },
    }));
    const transport = open({ baseURL: server.baseURL });
    const failure = { kind: "connection", systemCode: "CONTENT_ENCODING" };
    expect(await failureOf(send(transport))).toMatchObject(failure);
    expect(await failureOf(send(transport))).toMatchObject(failure);
  });

  test("of many packets is put together, characters over their borders too", async () => {
    const text = JSON.stringify({ text: "😀日本語".repeat(100_000) });
    await using server = await startLoopbackServer(() => ({ body: text }));
    expect((await send(open({ baseURL: server.baseURL }))).body).toBe(text);
  });

  test("that quotes the key comes without it", async () => {
    await using server = await startLoopbackServer(({ number, headers }) => ({
      status: number === 1 ? 401 : 200,
      body: { seen: headers },
    }));
    const transport = open({
      baseURL: server.baseURL,
      apiKey: "sk-0123456789abcdef",
      headers: { "x-api-key": "another-secret-of-mine" },
    });
    for (let number = 0; number < 2; number++) {
      const { body } = await send(transport);
      expect(body).not.toMatch(/0123456789|another-secret/);
      expect(JSON.parse(body).seen.authorization).toBe("Bearer [key]");
    }
  });

  test("that quotes the key or the query in a header comes without it", async () => {
    await using server = await startLoopbackServer(({ headers, path }) => ({
      headers: { "x-request-id": `${headers.authorization} ${path}` },
    }));
    const baseURL = `${server.baseURL}?sig=0123456789/abcdefgh`;
    const { header } = await send(open({ baseURL, apiKey: "sk-0123456789abcdef" }));
    expect(header("x-request-id")).toBe("Bearer [key] /v1/chat/completions?sig=[key]");
  });

  test("that succeeds keeps a word that is only a stand-in for a key", async () => {
    await using server = await startLoopbackServer(() => ({ body: { text: "lm-studio is a server" } }));
    const { body } = await send(open({ baseURL: server.baseURL, apiKey: "lm-studio" }));
    expect(body).toContain("lm-studio is a server");
  });
});

describe("no answer", () => {
  test("where nothing listens says so, with the system's code", async () => {
    const port = await findFreePort();
    const failure = await failureOf(send(open({ baseURL: `http://127.0.0.1:${port}/v1` })));
    expect(failure).toMatchObject({
      kind: "connection",
      message: "it was refused",
      systemCode: "ECONNREFUSED",
    });
  });

  test("where there is no such host says so", async () => {
    const failure = await failureOf(send(open({ baseURL: "http://no-such-host.invalid/v1" })));
    expect(failure).toMatchObject({ kind: "connection" });
    expect(failure.systemCode).toMatch(/^(?:ENOTFOUND|EAI_AGAIN)$/);
  });

  test.each([
    ["before the answer", { reset: true }],
    ["in its middle", { cutAfterBytes: 10 }],
  ])("where the connection breaks %s says so", async (_, reply) => {
    await using server = await startLoopbackServer(() => reply);
    expect(await failureOf(send(open({ baseURL: server.baseURL })))).toMatchObject({
      kind: "connection",
      message: "it was cut",
    });
  });

  test("where the other side speaks no HTTP says so", async () => {
    const server = createServer();
    server.on("connection", (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const failure = await failureOf(send(open({ baseURL: `http://127.0.0.1:${port}/v1` })));
    expect(failure).toMatchObject({ kind: "connection", message: "the answer is no HTTP" });
  });

  test("where https is spoken to a server of http says so", async () => {
    await using server = await startLoopbackServer();
    const failure = await failureOf(send(open({ baseURL: server.baseURL.replace("http:", "https:") })));
    expect(failure).toMatchObject({ kind: "connection", message: expect.stringContaining("TLS") });
  });

  test.each([
    ["hangs", { hang: true }],
    ["begins and then hangs", { hangAfterBytes: 10 }],
  ])("within the time limit from a server that %s is a time-out", async (_, reply) => {
    await using server = await startLoopbackServer(() => reply);
    const failure = await failureOf(send(open({ baseURL: server.baseURL, timeoutMs: 100 })));
    expect(failure).toMatchObject({ kind: "timeout", message: "no whole answer within 0.1 s" });
  });

  test("a later exchange is not ended by the time limit of an earlier one", async () => {
    await using server = await startLoopbackServer(({ number }) =>
      number === 1 ? { hang: true } : { afterMs: 700 },
    );
    const transport = open({ baseURL: server.baseURL, timeoutMs: 6000 });
    const first = failureOf(send(transport));
    // The second is under way when the time of the first is over, and has five seconds more.
    await new Promise((resolve) => setTimeout(resolve, 5500));
    const second = send(transport);
    expect(await first).toMatchObject({ kind: "timeout" });
    expect(await second).toMatchObject({ status: 200 });
  });

  test.each([
    ["as it is", (bytes: Buffer) => bytes, {}],
    ["once it is decoded", gzipSync, { "content-encoding": "gzip" }],
  ])("is kept of what is too large %s", async (_, pack, headers) => {
    const bytes = pack(Buffer.alloc(100_000, " "));
    await using server = await startLoopbackServer(() => ({ bytes, headers }));
    const failure = await failureOf(send(open({ baseURL: server.baseURL, maxResponseBytes: 50_000 })));
    expect(failure).toMatchObject({ kind: "too_large" });
  });

  test("comes to what was aborted, and its connection is broken", async () => {
    await using server = await startLoopbackServer(() => ({ hang: true }));
    const transport = open({ baseURL: server.baseURL });
    const controller = new AbortController();
    const failure = failureOf(send(transport, controller.signal));
    await until(() => server.inFlight === 1);
    controller.abort();
    expect(await failure).toMatchObject({ kind: "aborted" });
    await until(() => server.inFlight === 0);
    expect(await failureOf(send(transport, controller.signal))).toMatchObject({ kind: "aborted" });
    expect(server.requests).toHaveLength(1);
  });

  test("the next exchange is well after any of them", async () => {
    const replies = [{ reset: true }, { cutAfterBytes: 3 }, { hang: true }, {}] as const;
    await using server = await startLoopbackServer(({ number }) => replies[number - 1]);
    const transport = open({ baseURL: server.baseURL });
    for (let number = 1; number <= 2; number++) await failureOf(send(transport));
    const controller = new AbortController();
    const hanging = failureOf(send(transport, controller.signal));
    await until(() => server.requests.length === 3);
    controller.abort();
    await hanging;
    expect(await send(transport)).toMatchObject({ status: 200 });
  });
});

describe("a proxy", () => {
  /** Remembers what it is asked for, and answers itself. */
  async function startProxy(): Promise<{ url: string; asked: string[]; authorization: unknown[] }> {
    const asked: string[] = [];
    const authorization: unknown[] = [];
    const proxy = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      authorization.push(request.headers["proxy-authorization"]);
      response.end('{"from":"proxy"}');
    });
    proxy.on("connect", (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close().closeAllConnections());
    return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked, authorization };
  }

  test.each(["HTTP_PROXY", "http_proxy"])("that %s names takes what goes to http", async (name) => {
    const { url, asked, authorization } = await startProxy();
    const environment = { [name]: url.replace("//", "//user:pass@") };
    const answer = await send(open({ baseURL: "http://llm.test/v1", environment }));
    expect(answer).toMatchObject({ status: 200, body: '{"from":"proxy"}' });
    expect(asked).toEqual(["POST http://llm.test/v1/chat/completions"]);
    expect(authorization).toEqual([`Basic ${Buffer.from("user:pass").toString("base64")}`]);
  });

  test.each(["HTTPS_PROXY", "https_proxy"])("that %s names is asked for a tunnel to https", async (name) => {
    const { url, asked } = await startProxy();
    const transport = open({ baseURL: "https://llm.test/v1", environment: { [name]: url } });
    expect(await failureOf(send(transport))).toMatchObject({ kind: "connection" });
    expect(asked).toEqual(["CONNECT llm.test:443"]);
  });

  test.each([
    ["this machine", "http://127.0.0.1", {}],
    ["localhost", "http://localhost", {}],
    ["a host of NO_PROXY", "http://llm.invalid", { NO_PROXY: "other, llm.invalid" }],
    ["a part of a domain of no_proxy", "http://llm.invalid", { no_proxy: ".invalid" }],
    ["any host where NO_PROXY is *", "http://llm.invalid", { NO_PROXY: "*" }],
  ])("is not used for %s", async (_, origin, variables) => {
    const { url, asked } = await startProxy();
    const environment = { HTTP_PROXY: url, HTTPS_PROXY: url, ...variables };
    const port = await findFreePort();
    const failure = await failureOf(send(open({ baseURL: `${origin}:${port}/v1`, environment })));
    expect(failure).toMatchObject({ kind: "connection" });
    expect(asked).toEqual([]);
  });

  test("that is no URL is refused by the variable's name alone", () => {
    const environment = { HTTPS_PROXY: "user:secret@proxy" };
    const refuse = (): unknown => new HttpTransport({ baseURL: "https://llm.test/v1", environment });
    expect(refuse).toThrow(expect.objectContaining({ code: "invalid_option" }));
    expect(refuse).toThrow(/HTTPS_PROXY/);
    expect(refuse).not.toThrow(/secret/);
  });
});
