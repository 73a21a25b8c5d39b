// Asks for embeddings, several texts to a request: npx tsx examples/embed-texts.ts
import { BatchCollector, readRows } from "openbatch";

const textsPerRequest = 16;
const table = new URL("data/elements.csv", import.meta.url);
using collector = new BatchCollector("embed-texts.jsonl", { mode: "overwrite" });

await collector.embeddings.createMany(groupTexts(), (input, index) => ({
  custom_id: `texts-${index * textsPerRequest + 1}`,
  model: "text-embedding-3-small",
  input,
  dimensions: 256,
}));

console.log(`${collector.count} requests are in ${collector.path}.`);

async function* groupTexts(): AsyncGenerator<string[]> {
  let texts: string[] = [];
  for await (const { cells } of readRows(table)) {
    texts.push(String(cells.description));
    if (texts.length < textsPerRequest) continue;
    yield texts;
    texts = [];
  }
  if (texts.length > 0) yield texts;
}
