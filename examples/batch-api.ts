// From rows to typed answers, through the Batch API: npx tsx batch-api.ts
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import OpenAI from "openai";
import { BatchCollector, exportResults, openResults, validateBatchFile } from "openbatch";
import { startBatchServer } from "openbatch/testing";
import * as z from "zod";

const Facts = z.object({ topic: z.enum(["nature", "use", "history"]), people: z.array(z.string()) });
const elements = [
  { name: "Hydrogen", description: "The lightest element. Henry Cavendish isolated it." },
  { name: "Helium", description: "Found in the light of the Sun before it was found on Earth." },
  { name: "Lithium", description: "The lightest metal, soft enough to cut with a knife." },
];

// Collect: each row becomes a request, which is checked before it is written.
using collector = new BatchCollector("elements.jsonl", { mode: "overwrite" });
for (const { name, description } of elements) {
  collector.chat.completions.parse({
    custom_id: name,
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: `What is said of ${name}? ${description}` }],
    response_format: Facts,
  });
}

// Check: what the service would refuse is found now.
console.log(`${await validateBatchFile("elements.jsonl")}`);

// Run: OpenAI's own client, with a Batch API on this machine that makes answers up.
await using server = await startBatchServer();
const client = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey });
const file = await client.files.create({ file: createReadStream("elements.jsonl"), purpose: "batch" });
let batch = await client.batches.create({
  input_file_id: file.id,
  endpoint: "/v1/chat/completions",
  completion_window: "24h",
});
while (!["completed", "failed", "expired", "cancelled"].includes(batch.status)) {
  await setTimeout(50);
  batch = await client.batches.retrieve(batch.id);
}
const downloads: string[] = [];
for (const id of [batch.output_file_id, batch.error_file_id]) {
  if (!id) continue;
  await writeFile(`${id}.jsonl`, await (await client.files.content(id)).text());
  downloads.push(`${id}.jsonl`);
}

// Results: one for each request, typed by the schema, whichever file it is in.
await using results = await openResults({ requests: "elements.jsonl", results: downloads, format: Facts });
const table = [];
for await (const result of results) {
  const { topic, people } = result.unwrap().parsed;
  table.push({ element: result.custom_id, topic, people: people.length });
}
console.table(table);
await exportResults("answers.csv", results, { overwrite: true });
