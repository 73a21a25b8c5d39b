import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Result, readResults } from "../../../src/results/index.js";
import { ResultColumns } from "../../../src/results/tables/result-columns.js";
import { answerLine, chatAnswerLine, chatLine, cityLine, failureLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const below = temporaryFolder();

async function readOne(line: string, request = chatLine("a")): Promise<Result> {
  const folder = writeFolder(below, { "requests.jsonl": [request], "results.jsonl": [line] });
  const results = readResults({
    requests: join(folder, "requests.jsonl"),
    results: join(folder, "results.jsonl"),
  });
  for await (const result of results) return result;
  throw new Error("no result");
}

const toolCall = (name: string, input: string) => ({
  id: `call_${name}`,
  type: "function",
  function: { name, arguments: input },
});

function toToolLine(): string {
  const message = {
    role: "assistant",
    content: null,
    tool_calls: [toolCall("one", '{"x.y":[1,{"z":2}]}'), toolCall("two", "{}")],
  };
  return answerLine("a", {
    model: "m",
    choices: [{ index: 0, message, finish_reason: "tool_calls" }],
    "odd.key": 5,
  });
}

describe("a path", () => {
  test.each([
    ["custom_id", "a"],
    ["status", "succeeded"],
    ["toolCalls[0].name", "one"],
    ["toolCalls.1.name", "two"],
    ["toolCalls[0].input.x.y[1].z", 2],
    ["body.odd.key", 5],
    ["body.choices[0].finish_reason", "tool_calls"],
    ["raw.response.request_id", "req_a"],
    ["toolCalls[7].name", undefined],
    ["toolCalls.length", undefined],
    ["unwrap", undefined],
    ["constructor", undefined],
    ["custom_id.length", undefined],
    ["", undefined],
  ])("%j leads to %j", async (name, expected) => {
    const columns = new ResultColumns([name]);
    expect(columns.read(await readOne(toToolLine()))).toEqual([expected]);
    expect(columns.absent().map((column) => column.name)).toEqual(expected === undefined ? [name] : []);
  });

  test("leads into what was parsed", async () => {
    const line = chatAnswerLine("a", '{"city":"Rome","population":3}');
    const columns = new ResultColumns(["parsed.city", "parsed.population", "usage.input_tokens"]);
    expect(columns.read(await readOne(line, cityLine("a")))).toEqual(["Rome", 3, 10]);
  });
});

describe("a column that no result has", () => {
  test.each([
    ["sttaus", "status"],
    ["tool_calls[0].name", "toolCalls[0].name"],
    ["pasred.city", "parsed.city"],
    ["parsed.ctiy", "parsed.city"],
    ["ctiy", "city"],
    ["output_tokens", "usage.output_tokens"],
    ["model", "body.model"],
    ["body.modle", "body.model"],
    ["something else", undefined],
  ])("%s: %s was probably meant", async (name, nearest) => {
    const columns = new ResultColumns([name]);
    const request = cityLine("a");
    columns.read(await readOne(chatAnswerLine("a", '{"city":"Rome","population":3}'), request));
    columns.read(await readOne(failureLine("a", 400, { code: "bad", message: "No." }), request));
    columns.read(await readOne(toToolLine()));
    expect(columns.absent()).toEqual([{ name, nearest: nearest?.replace("[0]", ".0") }]);
  });

  test("is one of the answer where that has it, but for the names that results have themselves", async () => {
    const columns = new ResultColumns(["city", "text"]);
    const line = chatAnswerLine("a", '{"city":"Rome","population":3}');
    const values = columns.read(await readOne(line, cityLine("a")));
    expect(values).toEqual(["Rome", '{"city":"Rome","population":3}']);
    expect(columns.absent()).toEqual([]);
  });

  test("is not one that results may have, even where none does", async () => {
    const columns = new ResultColumns(["error.param", "problem.code", "refusal", "usage", "embedding"]);
    columns.read(await readOne(chatAnswerLine("a", "Hi")));
    expect(columns.absent()).toEqual([]);
  });
});
