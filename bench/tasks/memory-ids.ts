import { BatchCollector } from "openbatch";
import { readArguments, tellPeak } from "../report.js";

const { file, count } = readArguments();
const collector = new BatchCollector(file, { mode: "overwrite", buffered: true });
for (let index = 0; index < count; index += 1) {
  const custom_id = `3f2504e0-4f89-41d3-9a0c-${String(index).padStart(12, "0")}`;
  collector.embeddings.create({ custom_id, model: "text-embedding-3-small", input: "x" });
}
collector.close();
tellPeak();
