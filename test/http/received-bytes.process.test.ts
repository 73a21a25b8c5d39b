import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { HttpTransport } from "../../src/http/http-transport.js";
import { ReceivedBytes } from "../../src/http/received-bytes.js";

/** The bound that these tests set. */
const memoryInFlight = 64 * 1024 * 1024;
const answer = Buffer.from(JSON.stringify({ text: "x".repeat(4_000_000) }));
const signal = new AbortController().signal;

/** Sends all of an answer at once but for its last byte, which comes later. */
async function startSlowEnding(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-length": answer.length });
    response.write(answer.subarray(0, -1));
    setTimeout(() => response.end(answer.subarray(-1)), 1000);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function sendMany(
  baseURL: string,
  { count, memory = memoryInFlight }: { count: number; memory?: number },
) {
  const transport = new HttpTransport({ baseURL, memoryInFlight: memory, environment: {} });
  onTestFinished(() => transport.close());
  const request = { custom_id: "a", url: "/v1/chat/completions", body: "{}" };
  return Promise.allSettled(
    Array.from({ length: count }, async () => (await transport.send(request, 1, signal)).body.length),
  );
}

test("large answers that arrive at the same time do not pile up, and all become whole", async () => {
  const baseURL = await startSlowEnding();
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const sampler = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 5);
  const outcomes = await sendMany(baseURL, { count: 150 });
  clearInterval(sampler);
  expect(outcomes).toEqual(Array(150).fill({ status: "fulfilled", value: answer.length }));
  expect(most).toBeGreaterThan(answer.length);
  // 150 answers have nine times the bound. What was used and not yet collected counts too.
  expect(most).toBeLessThan(5 * memoryInFlight);
});

test("an answer that waits is whole, also where the server closes its connection meanwhile", async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-length": answer.length }).end(answer);
  });
  server.keepAliveTimeout = 1;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const outcomes = await sendMany(baseURL, { count: 60 });
  expect(outcomes).toEqual(Array(60).fill({ status: "fulfilled", value: answer.length }));
});

test("answers that are a thousand times larger than what was sent are bounded, however much memory others have", async () => {
  const packed = gzipSync(Buffer.alloc(80_000_000, " "), { level: 1 });
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length }).end(packed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const sampler = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 5);
  const outcomes = await sendMany(baseURL, { count: 5, memory: 100 * memoryInFlight });
  clearInterval(sampler);
  expect(outcomes).toEqual(Array(5).fill({ status: "fulfilled", value: 80_000_000 }));
  // All of them at once would be 400 MB.
  expect(most).toBeLessThan(5 * memoryInFlight);
});

test("above the memory that is given all answers but one wait, until one is gone", async () => {
  const received = new ReceivedBytes(10);
  const waiting = new Set<number>();
  const answers = [1, 2, 3].map((number) => ({
    pause: () => void waiting.add(number),
    resume: () => void waiting.delete(number),
  }));
  for (const each of answers) received.add(each, 4, true);
  expect([...waiting]).toEqual([3]);
  for (const each of answers.slice(0, 2)) received.add(each, 4, false);
  expect([...waiting]).toEqual([3, 1]);
  for (const each of answers.slice(1, 2)) received.remove(each, 8);
  await new Promise(setImmediate);
  expect([...waiting]).toEqual([1]);
});
