import OpenAI from "openai";
import { expect, test } from "vitest";
import { chatLine, chatLines } from "../../lines.js";
import { createBatch, download, idsOf, upload, waitForEnd } from "../batches.js";
import { startBatchServer } from "../start-batch-server.js";

test("a small batch gets its turn before many large ones are at their end, and they lose nothing by it", async () => {
  await using server = await startBatchServer({
    concurrency: 32,
    rehearse: { faults: ["slow:1:100"] },
  });
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
  const lines = chatLines(600);
  const input_file_id = await upload(openai, lines);
  const parameters = { input_file_id, endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
  const creating = Array.from({ length: 32 }, () => openai.batches.create(parameters));
  const large = (await Promise.all(creating)).map(({ id }) => id);
  const statuses = () => Promise.all(large.map(async (id) => (await openai.batches.retrieve(id)).status));
  await expect.poll(async () => new Set(await statuses())).toEqual(new Set(["in_progress"]));
  const small = await createBatch(openai, [chatLine("a"), chatLine("b"), chatLine("c")]);
  expect((await waitForEnd(openai, small.id)).status).toBe("completed");
  expect(new Set(await statuses())).toEqual(new Set(["in_progress"]));
  await Promise.all(large.slice(1).map((id) => openai.batches.cancel(id)));
  for (const id of large.slice(1)) await waitForEnd(openai, id);
  const [first = ""] = large;
  const batch = await waitForEnd(openai, first);
  expect(batch).toMatchObject({ status: "completed", request_counts: { completed: 600, failed: 0 } });
  expect(idsOf(await download(openai, batch.output_file_id))).toEqual(
    lines.map((line) => JSON.parse(line).custom_id).sort(),
  );
});
