// A batch from the upload to the output on disk, with the official client.
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { OpenAI } from "openai";
import { readArguments, timeTask } from "../report.js";

const { file, count, baseURL } = readArguments();
const client = new OpenAI({ baseURL, apiKey: "none" });

await timeTask(async () => {
  const upload = await client.files.create({ file: createReadStream(file), purpose: "batch" });
  let batch = await client.batches.create({
    input_file_id: upload.id,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
  });
  while (batch.status !== "completed") {
    if (["failed", "expired", "cancelled"].includes(batch.status)) throw new Error(`It is ${batch.status}.`);
    await setTimeout(50);
    batch = await client.batches.retrieve(batch.id);
  }
  const succeeded = batch.request_counts?.completed;
  if (succeeded !== count) throw new Error(`Of ${count} requests ${succeeded} succeeded.`);
  const output = await client.files.content(batch.output_file_id ?? "");
  if (output.body === null) throw new Error("The output has no body.");
  await pipeline(Readable.fromWeb(output.body), createWriteStream(`${file}.output`));
});
