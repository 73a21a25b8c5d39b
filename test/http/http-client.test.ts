import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { type Download, HttpClient } from "../../src/http/http-client.js";
import { TransportFailure } from "../../src/http/transport.js";
import type { ServerAnswer } from "../../src/outcome/index.js";

type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

const key = "sk-0123456789abcdef";

async function start(answer: Answer): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

function open(baseURL: string, timeoutMs?: number): HttpClient {
  const client = new HttpClient({ baseURL, apiKey: key, timeoutMs, environment: {} });
  onTestFinished(() => client.close());
  return client;
}

function assertDownload(answer: Download | ServerAnswer): Download {
  if ("content" in answer) return answer;
  throw new Error(`expected a download, found status ${answer.status}`);
}

async function read(content: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** How far the memory of the process grew at the most while something was done. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const sampler = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  await work();
  clearInterval(sampler);
  return most - before;
}

const gigabyte = 2 ** 30;
const chunk = Buffer.alloc(2 ** 16, "x");
const maxGrowth = 200 * 2 ** 20;

function* chunks(): Generator<Buffer> {
  for (let sent = 0; sent < gigabyte; sent += chunk.length) yield chunk;
}

test("a gigabyte is sent with flat memory", async () => {
  let received = 0;
  const client = open(
    await start((incoming, outgoing) => {
      incoming.on("data", (data: Buffer) => {
        received += data.length;
      });
      incoming.on("end", () => outgoing.end(JSON.stringify({ length: incoming.headers["content-length"] })));
    }),
  );
  const body = {
    contentType: "application/octet-stream",
    bytes: gigabyte,
    read: () => Readable.from(chunks()),
  };
  let answer: ServerAnswer | undefined;
  const growth = await growthOf(async () => {
    answer = await client.request({ method: "POST", url: "/v1/files", body });
  });
  expect(answer).toMatchObject({ status: 200, body: `{"length":"${gigabyte}"}` });
  expect(received).toBe(gigabyte);
  expect(growth).toBeLessThan(maxGrowth);
});

test("a gigabyte is received with flat memory", async () => {
  const client = open(await start((_, outgoing) => void pipeline(Readable.from(chunks()), outgoing)));
  let received = 0;
  const growth = await growthOf(async () => {
    const { content } = assertDownload(await client.download({ url: "/v1/files/file-1/content" }));
    for await (const data of content) received += data.length;
  });
  expect(received).toBe(gigabyte);
  expect(growth).toBeLessThan(maxGrowth);
});

test("whoever reads slowly holds the server up, not the memory", async () => {
  let written = 0;
  const counted = function* (): Generator<Buffer> {
    for (const each of chunks()) {
      written += each.length;
      yield each;
    }
  };
  const client = open(
    await start((_, outgoing) => void pipeline(Readable.from(counted()), outgoing).catch(() => {})),
  );
  const { content } = assertDownload(await client.download({ url: "/v1/files/file-1/content" }));
  await new Promise((resolve) => content.once("readable", resolve));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(written).toBeLessThan(64 * 2 ** 20);
  content.destroy();
});

test("a method, headers and a body without a length are sent as they are given", async () => {
  const seen: unknown[] = [];
  const client = open(
    await start((incoming, outgoing) => {
      const { method, url, headers } = incoming;
      let body = "";
      incoming.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      incoming.on("end", () => {
        seen.push({ method, url, body, type: headers["content-type"], beta: headers["x-beta"] });
        outgoing.end("{}");
      });
    }),
  );
  const stream = {
    contentType: "text/plain",
    bytes: undefined,
    read: () => Readable.from([Buffer.from("a b")]),
  };
  await client.request({ method: "PUT", url: "/v1/a", body: stream, headers: { "x-beta": "1" } });
  await client.request({ method: "POST", url: "/v1/b", body: "{}" });
  await client.request({ method: "DELETE", url: "/v1/c" });
  expect(seen).toEqual([
    { method: "PUT", url: "/v1/a", body: "a b", type: "text/plain", beta: "1" },
    { method: "POST", url: "/v1/b", body: "{}", type: "application/json", beta: undefined },
    { method: "DELETE", url: "/v1/c", body: "", type: undefined, beta: undefined },
  ]);
});

test.each([
  ["GET", 3],
  ["POST", 1],
  ["DELETE", 1],
] as const)("%s is tried %i times where a server fails twice", async (method, tries) => {
  let asked = 0;
  const client = open(
    await start((_, outgoing) => {
      asked += 1;
      if (asked === 1) outgoing.destroy();
      else outgoing.writeHead(asked === 2 ? 503 : 200, { "retry-after": "0" }).end("{}");
    }),
  );
  const end = client.request({ method, url: "/v1/batches" }).then(
    ({ status }) => status,
    (error: unknown) => (error instanceof TransportFailure ? error.kind : error),
  );
  expect(await end).toBe(tries === 3 ? 200 : "connection");
  expect(asked).toBe(tries);
});

test("a redirect of a download is followed without the key, and of nothing else", async () => {
  const seen: unknown[] = [];
  const elsewhere = await start(({ headers }, outgoing) => {
    seen.push({ authorization: headers.authorization, tenant: headers["x-tenant"], range: headers.range });
    outgoing.end("the results");
  });
  const baseURL = await start((_, outgoing) => {
    outgoing.writeHead(302, { location: `${elsewhere}/signed?sig=1` }).end();
  });
  const client = open(baseURL);
  const headers = { "x-tenant": "blue", range: "bytes=0-" };
  const { content } = assertDownload(await client.download({ url: "/v1/files/f/content", headers }));
  expect(await read(content)).toBe("the results");
  expect(seen).toEqual([{ authorization: undefined, tenant: undefined, range: "bytes=0-" }]);
  expect(await client.request({ method: "GET", url: "/v1/files/f/content" })).toMatchObject({ status: 302 });
});

test("redirects that lead on and on, or to what is no web address, are answers", async () => {
  let asked = 0;
  const client = open(
    await start(({ url }, outgoing) => {
      asked += 1;
      outgoing.writeHead(302, { location: url?.includes("file") ? "file:///etc/passwd" : "/v1/again" }).end();
    }),
  );
  expect(await client.download({ url: "/v1/file" })).toMatchObject({ status: 302 });
  expect(asked).toBe(1);
  expect(await client.download({ url: "/v1/loop" })).toMatchObject({ status: 302 });
  expect(asked).toBe(5);
});

test("a download that comes compressed is decoded, and a damaged one fails", async () => {
  const text = "line\n".repeat(100_000);
  const packed = gzipSync(text);
  const client = open(
    await start(({ url }, outgoing) => {
      outgoing.writeHead(200, { "content-encoding": "gzip" });
      outgoing.end(url?.includes("half") ? packed.subarray(0, packed.length / 2) : packed);
    }),
  );
  expect(await read(assertDownload(await client.download({ url: "/v1/whole" })).content)).toBe(text);
  const half = assertDownload(await client.download({ url: "/v1/half" }));
  await expect(read(half.content)).rejects.toMatchObject({
    kind: "connection",
    systemCode: "CONTENT_ENCODING",
  });
});

test("a download that is cut in the middle fails", async () => {
  const client = open(
    await start((_, outgoing) => {
      outgoing.writeHead(200, { "content-length": "1000" }).write("some of it");
      setTimeout(() => outgoing.destroy(), 50);
    }),
  );
  const { content } = assertDownload(await client.download({ url: "/v1/f" }));
  await expect(read(content)).rejects.toMatchObject({ name: "TransportFailure", kind: "connection" });
});

test("where nothing moves, the end is a time limit; and a signal ends it at once", async () => {
  const client = open(await start(() => {}), 1000);
  const stop = new AbortController();
  const stopped = client.request({ method: "POST", url: "/v1/a", signal: stop.signal });
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ kind: "aborted" });
  await expect(client.request({ method: "POST", url: "/v1/a" })).rejects.toMatchObject({ kind: "timeout" });
});

test("a server that refuses a download answers with an error, in which its key is not", async () => {
  const client = open(
    await start(({ headers }, outgoing) => outgoing.writeHead(401).end(`bad key ${headers.authorization}`)),
  );
  const answer = await client.download({ url: "/v1/f" });
  expect(answer).toMatchObject({ status: 401, body: "bad key Bearer [key]" });
});
