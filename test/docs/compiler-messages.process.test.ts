import { expect, test } from "vitest";
import { checkTypes } from "./check-types.js";
import { createUserFolder } from "./user-folder.js";

const start = `
import { BatchCollector, openResults, readResults } from "openbatch";
import { submitBatchFile } from "openbatch/job";
import * as z from "zod";
const { chat, responses, embeddings } = new BatchCollector("a.jsonl");
const City = z.object({ city: z.string() });
const base = { custom_id: "a", model: "m", messages: [{ role: "user" as const, content: "x" }] };
`;

/** Wrong code, and what the compiler is to say of it. */
const mistakes = [
  ["chat.completions.create({ ...base, response_format: City });", "Give the schema to parse"],
  ["responses.create({ custom_id: 'a', model: 'm', input: 'x', text_format: City });", "schema to parse"],
  ["chat.completions.parse({ ...base, text_format: City });", "Give the schema as response_format."],
  ["chat.completions.parse(base);", "Property 'response_format' is missing"],
  ["chat.completions.createMany([1], () => ({ ...base, temprature: 1 }));", "no parameter temprature."],
  ["chat.completions.parseMany([1], () => ({ ...base, text_format: City }));", "schema as response_format."],
  [
    "responses.parse({ custom_id: 'a', model: 'm', input: 'x', response_format: City });",
    "schema as text_format.",
  ],
  ["embeddings.create({ custom_id: 'a', model: 'm' });", "Property 'input' is missing"],
  ["readResults({ results: 'a', schema: City });", "Give the schema as format."],
  ["openResults({ results: 'a', schema: City });", "Give the schema as format."],
  ["submitBatchFile('a', { provider: 'opnai' });", "Did you mean '\"openai\"'?"],
] as const;

test("what the compiler says of wrong code leads on", () => {
  const blocks = mistakes.map(([code], index) => ({
    ...{ page: String(index), line: 1, language: "ts", note: "" },
    code: `${start}void ${code}\n`,
  }));
  const messages = checkTypes(createUserFolder(), blocks);
  // The compiler has its own order of files.
  const inOrder = [...messages].sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
  expect(inOrder).toEqual(mistakes.map(([, message]) => expect.stringContaining(message)));
});
