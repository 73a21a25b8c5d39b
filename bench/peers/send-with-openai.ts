// The official client, as it is used where there is no executor: a promise for each request, and so many at once.
import { readFileSync } from "node:fs";
import { OpenAI } from "openai";
import pLimit from "p-limit";
import { readArguments, timeTask } from "../report.js";

const { file, baseURL, concurrency } = readArguments();

await timeTask(async () => {
  const client = new OpenAI({ baseURL, apiKey: "none" });
  const limit = pLimit(concurrency);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  await Promise.all(lines.map((line) => limit(() => client.chat.completions.create(JSON.parse(line).body))));
});
