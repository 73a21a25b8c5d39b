import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { TransportFailure } from "../../src/http/transport.js";
import { assertDownload, chunks, openClient, startServer } from "./open-client.js";

async function read(content: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

test("whoever reads slowly holds the server up, not the memory", async () => {
  let written = 0;
  const counted = function* (): Generator<Buffer> {
    for (const each of chunks()) {
      written += each.length;
      yield each;
    }
  };
  const client = openClient(
    await startServer((_, outgoing) => void pipeline(Readable.from(counted()), outgoing).catch(() => {})),
  );
  const { content } = assertDownload(await client.download({ url: "/v1/files/file-1/content" }));
  await new Promise((resolve) => content.once("readable", resolve));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(written).toBeLessThan(64 * 2 ** 20);
  content.destroy();
});

test("a method, headers and a body without a length are sent as they are given", async () => {
  const seen: unknown[] = [];
  const client = openClient(
    await startServer((incoming, outgoing) => {
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
  const client = openClient(
    await startServer((_, outgoing) => {
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
  const elsewhere = await startServer(({ headers }, outgoing) => {
    seen.push({ authorization: headers.authorization, tenant: headers["x-tenant"], range: headers.range });
    outgoing.end("the results");
  });
  const baseURL = await startServer((_, outgoing) => {
    outgoing.writeHead(302, { location: `${elsewhere}/signed?sig=1` }).end();
  });
  const client = openClient(baseURL);
  const headers = { "x-tenant": "blue", range: "bytes=0-" };
  const { content } = assertDownload(await client.download({ url: "/v1/files/f/content", headers }));
  expect(await read(content)).toBe("the results");
  expect(seen).toEqual([{ authorization: undefined, tenant: undefined, range: "bytes=0-" }]);
  expect(await client.request({ method: "GET", url: "/v1/files/f/content" })).toMatchObject({ status: 302 });
});

test("redirects that lead on and on, or to what is no web address, are answers", async () => {
  let asked = 0;
  const client = openClient(
    await startServer(({ url }, outgoing) => {
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
  const client = openClient(
    await startServer(({ url }, outgoing) => {
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
  const client = openClient(
    await startServer((_, outgoing) => {
      outgoing.writeHead(200, { "content-length": "1000" }).write("some of it");
      setTimeout(() => outgoing.destroy(), 50);
    }),
  );
  const { content } = assertDownload(await client.download({ url: "/v1/f" }));
  await expect(read(content)).rejects.toMatchObject({ name: "TransportFailure", kind: "connection" });
});

test("where nothing moves, the end is a time limit; and a signal ends it at once", async () => {
  const client = openClient(await startServer(() => {}), 1000);
  const stop = new AbortController();
  const stopped = client.request({ method: "POST", url: "/v1/a", signal: stop.signal });
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ kind: "aborted" });
  await expect(client.request({ method: "POST", url: "/v1/a" })).rejects.toMatchObject({ kind: "timeout" });
});

test("a server that refuses a download answers with an error, in which its key is not", async () => {
  const client = openClient(
    await startServer(({ headers }, outgoing) =>
      outgoing.writeHead(401).end(`bad key ${headers.authorization}`),
    ),
  );
  const answer = await client.download({ url: "/v1/f" });
  expect(answer).toMatchObject({ status: 401, body: "bad key Bearer [key]" });
});

test("the key is taken out of a download, whose length stays, also where it goes on within the key", async () => {
  const key = "sk-0123456789abcdef";
  const text = `{"message":"Incorrect API key provided: ${key}."}\n`;
  const cut = text.indexOf(key) + 12;
  const client = openClient(
    await startServer(({ headers }, outgoing) => {
      const [, from] = /^bytes=(\d+)-/.exec(headers.range ?? "") ?? [];
      outgoing.writeHead(from === undefined ? 200 : 206, { "content-range": `bytes ${from}-99/100` });
      outgoing.end(from === undefined ? text.slice(0, cut) : text.slice(Number(from)));
    }),
  );
  const url = "/v1/files/file-1/content";
  const first = await read(assertDownload(await client.download({ url })).content);
  const rest = assertDownload(await client.download({ url, from: first.length }));
  expect(rest.offset).toBe(first.length);
  expect(first + (await read(rest.content))).toBe(text.replace(key, "[key**************]"));
});
