import OpenAI from "openai";
import { expect, test } from "vitest";
import { type BatchServerTrouble, startBatchServer } from "../../src/testing.js";
import { chatLines } from "../lines.js";
import { createBatch, runBatch, upload, waitForEnd } from "../serve/batches.js";

/** A client as it is by default: it sends again twice. */
async function startWith(trouble: BatchServerTrouble) {
  const statuses: (number | undefined)[] = [];
  const server = await startBatchServer({
    trouble,
    onEvent: (event) => event.kind === "request" && statuses.push(event.status),
  });
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey });
  return { server, openai, statuses, [Symbol.asyncDispose]: () => server.close() };
}

test("a client goes past two failed polls by itself, and not past three", async () => {
  await using own = await startWith({ failPolls: 2 });
  const { id } = await createBatch(own.openai, chatLines(1));
  expect((await own.openai.batches.retrieve(id)).id).toBe(id);
  await expect.poll(() => own.statuses.slice(2)).toEqual([502, 502, 200]);

  await using other = await startWith({ failPolls: 3 });
  const batch = await createBatch(other.openai, chatLines(1));
  await expect(other.openai.batches.retrieve(batch.id)).rejects.toMatchObject({ status: 502 });
  expect((await waitForEnd(other.openai, batch.id)).status).toBe("completed");
});

test("a client does not go past a download that breaks off in its middle, read at once or as a stream", async () => {
  await using own = await startWith({ cutDownloads: 2 });
  const { output_file_id } = await runBatch(own.openai, chatLines(50));
  const read = async () => own.openai.files.content(output_file_id ?? "");
  const text = (await read()).text();
  await expect(text).rejects.toThrow();
  const chunks: Uint8Array[] = [];
  const stream = async () => {
    const { body } = await read();
    // What fetch gives as a body can be iterated in Node.
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
  };
  await expect(stream()).rejects.toThrow();
  const whole = await (await read()).text();
  expect(whole.trimEnd().split("\n")).toHaveLength(50);
  const begun = Buffer.concat(chunks).toString();
  expect(begun.length).toBeGreaterThan(0);
  expect(begun.length).toBeLessThan(whole.length);
  expect(whole.startsWith(begun)).toBe(true);
});

test("a client makes a second batch where the answer to its create is lost", async () => {
  await using own = await startWith({ loseCreates: 1 });
  const { id } = await createBatch(own.openai, chatLines(1));
  const batches = (await own.openai.batches.list()).data;
  expect(batches).toHaveLength(2);
  expect(batches[0]?.id).toBe(id);
  expect(new Set(batches.map(({ input_file_id }) => input_file_id)).size).toBe(1);
});

test("a client does not look again for a file that is not found", async () => {
  await using own = await startWith({ hideUploads: 1 });
  const id = await upload(own.openai, chatLines(1));
  await expect(own.openai.files.retrieve(id)).rejects.toMatchObject({ status: 404 });
  expect((await own.openai.files.retrieve(id)).id).toBe(id);
});
