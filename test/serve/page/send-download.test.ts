import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { expect, onTestFinished, test } from "vitest";
import { sendDownload } from "../../../src/serve/page/send-download.js";
import type { LiveFiles, ViewEnv } from "../../../src/view/index.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { startEndingBatch } from "../../view/source/ending-batch.js";

const folder = temporaryFolder();

/** Serves downloads of a batch whose files are read so. Gives the address of its table. */
async function serveBatch(readAll: () => Promise<LiveFiles>): Promise<string> {
  const place = join(folder, "place");
  const close = async (): Promise<void> => undefined;
  const app = new Hono<ViewEnv>();
  app.get("/:id", (context) =>
    sendDownload(context, {
      store: {
        hold: async () => ({ weight: 0, read: readAll, readAll, close }),
        openPlace: async () => ({ path: place, close: async () => rmSync(place) }),
        files: { contentOf: () => expect.unreachable() },
      },
      served: { findResultFile: async () => undefined },
      signal: new AbortController().signal,
    }),
  );
  const server = createServer(getRequestListener(app.fetch)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  // A server on a port of TCP has an address with one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/batch_1?as=csv`;
}

test("a table of a batch that ends while its files are opened is of its files where they are then", async () => {
  const { show, end } = startEndingBatch(folder);
  let reads = 0;
  const url = await serveBatch(async () => {
    const found = show();
    reads += 1;
    if (reads === 1) end();
    return found;
  });
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-disposition")).toContain("batch.results.csv");
  const lines = (await response.text()).trim().split("\n");
  expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(["request-0", "request-1"]);
});
