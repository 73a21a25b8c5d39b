import { BatchCollector } from "openbatch";
import { readArguments, tellPeak } from "../report.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();
const collector = new BatchCollector(file, { mode: "overwrite" });
await collector.chat.completions.createMany(generateRows(count), ({ id, review }) => ({
  custom_id: id,
  model: "gpt-4o-mini",
  messages: [{ role: "user", content: review }],
}));
collector.close();
tellPeak();
