import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnswerReader } from "../../../src/execute/upstream/read-answer.js";
import { readFacts } from "../../../src/outcome/index.js";
import { laneRequest } from "../lane-requests.js";

const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "",
    " ",
    "Rhine",
    "<think>no",
    "<think>a</think>b",
    '"',
    "\\",
    "\n",
    "\u2028",
    "😀",
    "\u200b",
    '{"a":1}',
  ),
);
const numbers = fc.oneof(
  fc.nat(200),
  fc.constantFrom<unknown>(-1, 0.5, 1e21, null, "7", true, 123456789012345680, [], {}),
);
const usage = fc.oneof(
  fc.record({ prompt_tokens: numbers, completion_tokens: numbers, total_tokens: numbers }),
  fc.record({
    input_tokens: numbers,
    output_tokens: numbers,
    output_tokens_details: fc.record({ reasoning_tokens: numbers }),
  }),
  fc.constant(null),
);
const error = fc.constantFrom<unknown>(null, null, null, {}, "No.", { message: "No.", code: "429" });
const toolCall = fc.record({
  id: texts,
  type: fc.constant("function"),
  function: fc.record({ name: fc.constant("f"), arguments: fc.oneof(texts, fc.constant("{}")) }),
});
const choice = fc.record(
  {
    index: fc.constantFrom(0, 1),
    message: fc.record(
      {
        role: fc.constant("assistant"),
        content: fc.oneof(
          texts,
          fc.array(fc.record({ type: fc.constant("text"), text: texts }), { maxLength: 2 }),
        ),
        refusal: fc.constantFrom<unknown>(null, null, "No."),
        tool_calls: fc.array(toolCall, { maxLength: 2 }),
        reasoning_content: texts,
      },
      { requiredKeys: ["content"] },
    ),
    finish_reason: fc.constantFrom<unknown>("stop", "stop", "length", "error", null, "content_filter"),
    error,
  },
  { requiredKeys: ["message"] },
);
const answers = fc.oneof(
  fc.record(
    {
      id: texts,
      object: fc.constant("chat.completion"),
      created: numbers,
      model: fc.constantFrom("a", "b"),
      choices: fc.array(choice, { maxLength: 2 }),
      usage,
      service_tier: fc.constantFrom<unknown>("default", "flex", null),
      system_fingerprint: texts,
      error,
    },
    { requiredKeys: ["choices"] },
  ),
  fc.record({
    id: texts,
    status: fc.constantFrom("completed", "completed", "failed", "incomplete", "cancelled", "queued"),
    output: fc.array(
      fc.record({
        id: texts,
        type: fc.constantFrom("message", "reasoning", "function_call"),
        name: fc.constant("f"),
        arguments: texts,
        content: fc.array(fc.record({ type: fc.constantFrom("output_text", "refusal"), text: texts }), {
          maxLength: 2,
        }),
      }),
      { maxLength: 2 },
    ),
    usage,
    error,
  }),
  fc.record({
    id: texts,
    type: fc.constant("message"),
    content: fc.array(fc.record({ type: fc.constant("text"), text: texts }), { maxLength: 2 }),
    stop_reason: fc.constantFrom("end_turn", "refusal", "max_tokens"),
    usage,
  }),
  fc.record({ choices: fc.array(fc.record({ text: texts, finish_reason: fc.constant("stop") })), usage }),
  fc.record({ message: texts, code: texts, id: texts }),
);
const body = fc
  .record({
    answer: answers,
    space: fc.constantFrom<number | undefined>(undefined, undefined, undefined, 1),
    mark: fc.constantFrom("", "", "", "\ufeff"),
    repeated: fc.constantFrom("", "", "", '"usage":{"total_tokens":9},', '"id":"x",', '"choices":[],'),
    spoiled: fc.option(
      fc.tuple(fc.nat(), fc.constantFrom('"', "\\", "{", "}", "0", "-", "e", ",", ":", "\n", " ", "")),
      {
        freq: 5,
      },
    ),
  })
  .map(({ answer, space, mark, repeated, spoiled }) => {
    const json = `${mark}${JSON.stringify(answer, undefined, space).replace("{", `{${repeated}`)}`;
    if (spoiled === null) return json;
    const at = spoiled[0] % json.length;
    return `${json.slice(0, at)}${spoiled[1]}${json.slice(at + 1)}`;
  });
const urls = ["/v1/chat/completions", "/v1/responses", "/v1/completions", "/v1/messages", "/v1/embeddings"];

/** All that is known of an answer once it was read. */
function read(reader: AnswerReader, answer: Answer): unknown {
  const { url } = answer;
  const found = reader.read(
    { status: answer.status, body: answer.body, header: () => undefined },
    laneRequest(1, { url }),
  );
  if (found === undefined) return undefined;
  const { judged, json } = found;
  const outcome = judged.status === "succeeded" ? judged.status : judged;
  return structuredClone({ body: found.body, outcome, facts: readFacts(url, json, judged) });
}

interface Answer {
  readonly body: string;
  readonly status: number;
  readonly url: string;
}

/** Reads answers one after the other, each several times, by shapes and without. */
function expectTheSame(each: readonly Answer[]): void {
  const [shaped, parsed] = [new AnswerReader(), new AnswerReader(false)];
  for (const answer of [...each, ...each, ...each]) {
    const [found, wanted] = [read(shaped, answer), read(parsed, answer)];
    // The comparison of vitest is slow, and there are many.
    if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found, answer.body).toEqual(wanted);
  }
}

describe("an answer of a shape that was seen before", () => {
  test("says what it says when it is parsed, among answers that are nearly equal", () => {
    const answer = fc.record({
      body,
      status: fc.constantFrom(200, 200, 200, 400),
      url: fc.constantFrom(...urls),
    });
    fc.assert(fc.property(fc.array(answer, { minLength: 1, maxLength: 12 }), expectTheSame), {
      numRuns: 2_000,
    });
  });

  test("says what it says when it is parsed, whatever one character is replaced, put in or left out", () => {
    const base = JSON.stringify({
      id: "chatcmpl-1",
      created: 17,
      choices: [
        { index: 0, message: { role: "assistant", content: 'a\\n"é', refusal: null }, finish_reason: "stop" },
      ],
      usage: { prompt_tokens: 62, completion_tokens: 2, total_tokens: 64 },
      service_tier: "default",
    });
    const other = base.replace("62", "7").replace("64", "9").replace("chatcmpl-1", "x");
    const [shaped, parsed] = [new AnswerReader(), new AnswerReader(false)];
    const toAnswer = (json: string): Answer => ({ body: json, status: 200, url: "/v1/chat/completions" });
    for (let at = 0; at <= base.length; at += 1) {
      for (const character of ["", '"', "\\", "}", "{", "0", "-", ".", "e", "\n", "\u0007", " ", "x"]) {
        for (const behind of [at, at + 1]) {
          for (const known of [base, other]) read(shaped, toAnswer(known));
          const answer = toAnswer(`${base.slice(0, at)}${character}${base.slice(behind)}`);
          const [found, wanted] = [read(shaped, answer), read(parsed, answer)];
          if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found, answer.body).toEqual(wanted);
        }
      }
    }
  });

  test("is not parsed", () => {
    const reader = new AnswerReader();
    const json = (text: string): string =>
      JSON.stringify({ id: text, choices: [{ message: { content: text } }] });
    const values = ["a", "b", "c"].map(
      (text) => reader.read({ status: 200, body: json(text), header: () => undefined }, laneRequest(1))?.json,
    );
    // What was filled anew is one and the same.
    expect(values[2]).toBe(values[1]);
    expect(values[2]).toMatchObject({ choices: [{ message: { content: "c" } }] });
  });
});
