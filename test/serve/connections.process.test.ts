import { once } from "node:events";
import { readdirSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startBatchServer } from "./start-batch-server.js";

const isLong = process.env.OPENBATCH_LONG_TESTS === "1";

function portOf({ baseURL }: { readonly baseURL: string }): number {
  return Number(new URL(baseURL).port);
}

/** Says the beginning of something, and gives what came back once the connection is closed. */
async function answerTo(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    received += part;
  });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  await once(socket, "close");
  return received;
}

test("a server takes 1,024 connections at once and no more, and more again once some are closed", async () => {
  await using server = await startBatchServer();
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let count = 0; count < 1024; count += 1) {
    const socket = connect(portOf(server), "127.0.0.1");
    socket.on("error", () => undefined);
    sockets.push(socket);
  }
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  const isAnswered = (): Promise<boolean> =>
    new Promise((resolve) => {
      const outgoing = request({ port: portOf(server), path: "/v1/models", agent: false }, (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode === 200);
      });
      outgoing.on("error", () => resolve(false)).end();
    });
  await expect.poll(isAnswered).toBe(false);
  for (const socket of sockets.splice(0, 10)) socket.destroy();
  await expect.poll(isAnswered).toBe(true);
});

test("a connection is said to be kept open for 15 seconds without a request", async () => {
  await using server = await startBatchServer();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const outgoing = request({ port: portOf(server), path: "/v1/models", agent }).end();
  const [incoming] = await once(outgoing, "response");
  expect(incoming.headers["keep-alive"]).toBe("timeout=15");
  incoming.resume();
});

describe.runIf(isLong)("connections that take their time (set OPENBATCH_LONG_TESTS=1)", () => {
  test.concurrent.each([
    ["says nothing at all", ""],
    ["does not end its headers", "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n"],
  ])("one that %s is ended", async (_, text) => {
    await using server = await startBatchServer();
    const answer = await answerTo(portOf(server), text);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]+x-request-id: req_[\s\S]+\{"error":\{/);
  });

  test.concurrent("one that is idle behind its answer is ended", async () => {
    await using server = await startBatchServer();
    const text = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";
    expect(await answerTo(portOf(server), text)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.concurrent("an upload that stands still is ended, and nothing of it is left", async ({ expect }) => {
    await using server = await startBatchServer();
    const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n{}';
    await answerTo(
      portOf(server),
      `POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n${head}`,
    );
    await expect.poll(() => readdirSync(join(server.data, "files"))).toEqual([]);
  });
});
