/**
 * A program that uses the installed openbatch and the installed SDK: it goes through what the SDK does with files and batches,
 * and prints what came out.
 */
export const batchClientScript = `
import OpenAI, { toFile } from "openai";
import { createReadStream, writeFileSync } from "node:fs";
import { startBatchServer } from "openbatch/testing";

const server = await startBatchServer();
const client = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
const lines = ["a", "b", "c"].map((custom_id) => JSON.stringify({
  custom_id, method: "POST", url: "/v1/chat/completions",
  body: { model: "gpt-5-mini", messages: [{ role: "user", content: "Hi" }] },
}) + "\\n").join("");
writeFileSync("three.jsonl", lines);

const files = [];
for (const file of [createReadStream("three.jsonl"), await toFile(Buffer.from(lines), "three.jsonl")]) {
  const created = await client.files.create({ file, purpose: "batch" });
  files.push((await client.files.waitForProcessing(created.id)).id);
}
const batches = [];
for (let count = 0; count < 5; count += 1) {
  const batch = await client.batches.create({
    input_file_id: files[0], endpoint: "/v1/chat/completions", completion_window: "24h", metadata: { count: String(count) },
  });
  batches.push(batch.id);
}
const ended = [];
for (const id of batches) {
  let batch = await client.batches.retrieve(id);
  while (batch.status !== "completed") batch = await client.batches.retrieve(id);
  ended.push(batch);
}
const listed = [];
for await (const batch of client.batches.list({ limit: 2 })) listed.push(batch.id);
const listedFiles = [];
for await (const file of client.files.list({ limit: 3, order: "asc" })) listedFiles.push(file.id);
const output = await (await client.files.content(ended[0].output_file_id)).text();
const deleted = await client.files.delete(files[1]);
const error = await client.batches.cancel(batches[0]).catch((error) => error);
const chat = await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: "Hi" }] });
console.log(JSON.stringify({
  paged: listed.join() === batches.reverse().join(),
  files: listedFiles.length,
  lines: output.trimEnd().split("\\n").map((line) => JSON.parse(line).custom_id).sort(),
  deleted: deleted.deleted,
  conflict: [error instanceof OpenAI.ConflictError, typeof error.requestID],
  model: chat.model,
}));
await server.close();
`;

/** What it prints. */
export const batchClientOutcome = {
  paged: true,
  files: 7,
  lines: ["a", "b", "c"],
  deleted: true,
  conflict: [true, "string"],
  model: "rehearsal-gpt-5-mini",
};
