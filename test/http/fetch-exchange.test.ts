import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { HttpClient } from "../../src/http/http-client.js";
import { assertDownload, startServer } from "./open-client.js";

function openClient(baseURL: string, timeoutMs?: number): HttpClient {
  const client = new HttpClient({
    baseURL,
    apiKey: "sk-0123456789abcdef",
    timeoutMs,
    fetch: globalThis.fetch,
  });
  onTestFinished(() => client.close());
  return client;
}

async function read(content: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

test("a body that is read while it is sent goes through a fetch with its length and its type", async () => {
  let seen = "";
  const client = openClient(
    await startServer(async (incoming, outgoing) => {
      const { "content-length": length, "content-type": type } = incoming.headers;
      seen = `${incoming.method} ${incoming.url} ${type} ${length} ${await read(incoming)}`;
      outgoing.end('{"id":"file-1"}');
    }),
  );
  const body = {
    contentType: "text/plain",
    bytes: 8,
    read: () => Readable.from([Buffer.from("four"), Buffer.from("more")]),
  };
  const answer = await client.request({ method: "POST", url: "/v1/files", body });
  expect(answer).toMatchObject({ status: 200, body: '{"id":"file-1"}' });
  expect(seen).toBe("POST /v1/files text/plain 8 fourmore");
});

test("a download that fetch has unpacked is taken as it is, and a redirect is followed without the key", async () => {
  const keys: unknown[] = [];
  const target = await startServer((incoming, outgoing) => {
    keys.push(incoming.headers.authorization);
    outgoing.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("the lines"));
  });
  const client = openClient(
    await startServer((incoming, outgoing) => {
      keys.push(incoming.headers.authorization);
      outgoing.writeHead(302, { location: `${target}/elsewhere` }).end();
    }),
  );
  const { content } = assertDownload(await client.download({ url: "/v1/files/file-1/content" }));
  expect(await read(content)).toBe("the lines");
  expect(keys).toEqual(["Bearer sk-0123456789abcdef", undefined]);
});

test("a download that breaks off, or stops moving, fails in words", async () => {
  const cut = openClient(
    await startServer((_, outgoing) => {
      outgoing.writeHead(200, { "content-length": 100 });
      outgoing.write("half", () => outgoing.destroy());
    }),
  );
  const download = assertDownload(await cut.download({ url: "/v1/files/a/content" }));
  await expect(read(download.content)).rejects.toMatchObject({ kind: "connection", message: "it was cut" });
  const still = openClient(
    await startServer((_, outgoing) => void outgoing.writeHead(200).write("half")),
    200,
  );
  const { content } = assertDownload(await still.download({ url: "/v1/files/a/content" }));
  await expect(read(content)).rejects.toMatchObject({ kind: "timeout" });
  const silent = openClient(await startServer(() => undefined), 200);
  await expect(silent.request({ method: "POST", url: "/v1/a", body: "{}" })).rejects.toMatchObject({
    kind: "timeout",
  });
});

test("a signal ends what is under way, and a server that is not there is told as such", async () => {
  const client = openClient(await startServer(() => undefined));
  const stop = new AbortController();
  const asked = client.request({ method: "GET", url: "/v1/a", signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await expect(asked).rejects.toMatchObject({ kind: "aborted" });
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const nowhere = openClient(`http://127.0.0.1:${port}/v1`);
  await expect(nowhere.request({ method: "POST", url: "/v1/a", body: "{}" })).rejects.toMatchObject({
    kind: "connection",
    systemCode: "ECONNREFUSED",
  });
});
