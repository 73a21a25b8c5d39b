// Fills one template for many instances: npx tsx examples/prompt-template.ts
import { BatchJobManager, PromptTemplate, ResponsesRequest } from "openbatch";

const prompt = new PromptTemplate([
  {
    role: "system",
    content: "You write marketing copy. Answer as {{product}}: {{text}}, without the braces.",
  },
  { role: "user", content: "Product: {product}. Features: {features}." },
]);

const { written } = await new BatchJobManager().addTemplatedInstances({
  prompt,
  commonRequest: new ResponsesRequest({ model: "gpt-4o-mini", temperature: 0.8, max_output_tokens: 100 }),
  inputInstances: [
    {
      custom_id: "drone",
      promptValueMapping: { product: "AeroGlide Drone", features: "4K camera, 30 minutes of flight" },
    },
    {
      custom_id: "bottle",
      promptValueMapping: { product: "HydroPure Bottle", features: "cleans itself with UV light" },
      instanceRequestOptions: { temperature: 0.1 },
    },
  ],
  saveFilePath: "prompt-template.jsonl",
});

console.log(`${written} requests are in prompt-template.jsonl.`);
