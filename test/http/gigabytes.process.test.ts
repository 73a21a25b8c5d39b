import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import type { ServerAnswer } from "../../src/outcome/index.js";
import { assertDownload, chunks, gigabyte, openClient, startServer } from "./open-client.js";

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

const maxGrowth = 200 * 2 ** 20;

test("a gigabyte is sent with flat memory", async () => {
  let received = 0;
  const client = openClient(
    await startServer((incoming, outgoing) => {
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
  const client = openClient(
    await startServer((_, outgoing) => void pipeline(Readable.from(chunks()), outgoing)),
  );
  let received = 0;
  const growth = await growthOf(async () => {
    const { content } = assertDownload(await client.download({ url: "/v1/files/file-1/content" }));
    for await (const data of content) received += data.length;
  });
  expect(received).toBe(gigabyte);
  expect(growth).toBeLessThan(maxGrowth);
});
