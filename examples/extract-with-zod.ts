// Asks for answers that fit a schema: npx tsx examples/extract-with-zod.ts
import { BatchCollector, readRows } from "openbatch";
import { z } from "zod";

const ElementFacts = z
  .object({
    name: z.string(),
    discoverers: z.array(z.string()).describe("People named as having found or isolated it."),
    uses: z.array(z.string()),
    isPoisonous: z.boolean().nullable().describe("Null if the text does not say."),
  })
  .meta({ title: "ElementFacts" });

const table = new URL("data/elements.csv", import.meta.url);
using collector = new BatchCollector("extract-with-zod.jsonl", { mode: "overwrite" });

for await (const { cells } of readRows(table)) {
  collector.responses.parse({
    custom_id: `element-${cells.number}`,
    model: "gpt-4o-mini",
    instructions: "Extract what the text says, and nothing that it does not say.",
    input: `${cells.name}: ${cells.description}`,
    text_format: ElementFacts,
  });
}

console.log(`${collector.count} requests are in ${collector.path}.`);
