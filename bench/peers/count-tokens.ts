// A bare loop that parses each line, and counts the tokens of its texts in one thread.
import { parseLines } from "../parse-lines.js";
import { readArguments, timeTask } from "../report.js";

const { file } = readArguments();

await timeTask(async () => {
  // Ours loads it too when it is first needed.
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  let tokens = 0;
  parseLines(file, ({ body }) => {
    for (const { content } of body.messages) tokens += countTokens(content);
  });
  if (tokens === 0) throw new Error("There are no tokens.");
});
