// Makes a request of each row of a table: npx tsx examples/classify-rows.ts
import { BatchCollector, readRows } from "openbatch";

const table = new URL("data/elements.csv", import.meta.url);
const collector = new BatchCollector("classify-rows.jsonl", { mode: "overwrite" });

const { written } = await collector.chat.completions.createMany(readRows(table), ({ cells }) => ({
  custom_id: `element-${cells.number}`,
  model: "gpt-4o-mini",
  messages: [
    {
      role: "system",
      content: "Is the text about a use of the element, its history or its nature? Answer with one word.",
    },
    { role: "user", content: `${cells.name}: ${cells.description}` },
  ],
  temperature: 0,
}));

collector.close();
console.log(`${written} requests are in ${collector.path}.`);
