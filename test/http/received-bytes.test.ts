import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { HttpTransport } from "../../src/http/http-transport.js";
import { maxReceivedBytes } from "../../src/http/received-bytes.js";

const answer = Buffer.from(JSON.stringify({ text: "x".repeat(4_000_000) }));
const signal = new AbortController().signal;

/** Sends all of an answer at once but for its last byte, which comes later. */
async function startSlowEnding(endsAfterMs: number): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-length": answer.length });
    response.write(answer.subarray(0, -1));
    setTimeout(() => response.end(answer.subarray(-1)), endsAfterMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function sendMany(baseURL: string, { count, timeoutMs }: { count: number; timeoutMs?: number }) {
  const transport = new HttpTransport({ baseURL, timeoutMs, environment: {} });
  onTestFinished(() => transport.close());
  const request = { custom_id: "a", url: "/v1/chat/completions", body: "{}" };
  return Promise.allSettled(
    Array.from({ length: count }, async () => (await transport.send(request, 1, signal)).body.length),
  );
}

test("large answers that arrive at the same time do not pile up, and all become whole", async () => {
  const baseURL = await startSlowEnding(1000);
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
  expect(most).toBeLessThan(5 * maxReceivedBytes);
});

test("an answer that waits for others is not ended by its time limit", async () => {
  const baseURL = await startSlowEnding(700);
  const outcomes = await sendMany(baseURL, { count: 60, timeoutMs: 1500 });
  expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
});
