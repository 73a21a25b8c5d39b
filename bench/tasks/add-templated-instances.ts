import { BatchJobManager, ChatCompletionsRequest, PromptTemplate } from "openbatch";
import { instructions } from "../prompt.js";
import { readArguments, timeTask } from "../report.js";
import { generateRows } from "../rows.js";

const { file, count } = readArguments();

await timeTask(
  async () => {
    await new BatchJobManager().addTemplatedInstances({
      prompt: new PromptTemplate([
        { role: "system", content: instructions },
        { role: "user", content: "Product: {product}\nReview: {review}" },
      ]),
      commonRequest: new ChatCompletionsRequest({ model: "gpt-4o-mini", temperature: 0 }),
      inputInstances: toInstances(),
      saveFilePath: file,
      suppressWarnings: true,
    });
  },
  { file },
);

function* toInstances() {
  for (const { id, product, review } of generateRows(count)) {
    yield { custom_id: id, promptValueMapping: { product, review } };
  }
}
