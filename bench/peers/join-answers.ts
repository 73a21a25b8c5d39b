// A loop that does by hand what one needs: it keeps the ids of the requests, parses each result and the answer in it, holds that against
// the schema, and brings it to its request, in the order of the requests. All answers are in memory at the end.
import { resultsOf } from "../inputs/results-of.js";
import { parseLines } from "../parse-lines.js";
import { readArguments, timeTask } from "../report.js";
import { Verdict } from "../verdict.js";

const { file, count } = readArguments();

await timeTask(() => {
  const answers = new Map<string, Verdict | undefined>();
  parseLines(file, ({ custom_id }) => answers.set(custom_id, undefined));
  parseLines(resultsOf(file), ({ custom_id, response }) => {
    const content = response.body.choices[0]?.message.content ?? "null";
    if (answers.has(custom_id)) answers.set(custom_id, Verdict.parse(JSON.parse(content)));
  });
  let parsed = 0;
  for (const answer of answers.values()) if (answer !== undefined && answer.verdict.length > 0) parsed++;
  if (parsed !== count) throw new Error(`Of ${count} results ${parsed} were parsed.`);
});
