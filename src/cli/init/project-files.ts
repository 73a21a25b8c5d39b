/** Settings of TypeScript under which the example is checked. */
export const projectSettings = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "types": ["node"],
    "strict": true,
    "noEmit": true
  },
  "include": ["*.ts"]
}
`;

/** From rows to typed answers, in rehearsal. */
export const projectExample = `// From rows to typed answers: npm start. The answers are made up until a server is named below.
import { BatchCollector, openResults } from "openbatch";
import { executeBatchFile } from "openbatch/execute";
import * as z from "zod";

const Review = z.object({ sentiment: z.enum(["positive", "mixed", "negative"]), complaints: z.array(z.string()) });
const reviews = [
  { id: 1, text: "Quiet room, kind staff. We will be back." },
  { id: 2, text: "The heating did not work. Breakfast was good, though." },
  { id: 3, text: "Clean and cheap. The walls are thin." },
];

// Collect: each row becomes a request, which is checked before it is written.
using collector = new BatchCollector("requests.jsonl", { mode: "overwrite" });
for (const { id, text } of reviews) {
  collector.chat.completions.parse({
    custom_id: \`review-\${id}\`,
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: \`What does this review say? \${text}\` }],
    response_format: Review,
  });
}

// Run: in the place of rehearse, { baseURL: "http://localhost:11434/v1", model: "llama3.2" } asks a model.
const summary = await executeBatchFile("requests.jsonl", { rehearse: true });
console.log(\`\${summary}\`);

// Results: one for each request, typed by the schema.
await using results = await openResults({ requests: "requests.jsonl", results: summary.output, format: Review });
for await (const result of results) {
  const { sentiment, complaints } = result.unwrap().parsed;
  console.log(result.custom_id, sentiment, complaints.length);
}
`;
