import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Result, readResults } from "../../../src/results/index.js";
import { ResultColumns } from "../../../src/results/tables/result-columns.js";
import { temporaryFolder } from "../../temporary-folder.js";
import {
  askForCity,
  toAnswerLine,
  toChatLine,
  toFailedLine,
  toRequestLine,
  writeFolder,
} from "../batch-folder.js";

const below = temporaryFolder();

async function readOne(line: string, request = toRequestLine({ custom_id: "a" })): Promise<Result> {
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
  return toAnswerLine("a", {
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
    const line = toChatLine("a", '{"city":"Rome","people":3}');
    const columns = new ResultColumns(["parsed.city", "parsed.people", "usage.input_tokens"]);
    expect(columns.read(await readOne(line, toRequestLine(askForCity("a"))))).toEqual(["Rome", 3, 10]);
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
    const request = toRequestLine(askForCity("a"));
    columns.read(await readOne(toChatLine("a", '{"city":"Rome","people":3}'), request));
    columns.read(await readOne(toFailedLine("a", 400, "bad", "No."), request));
    columns.read(await readOne(toToolLine()));
    expect(columns.absent()).toEqual([{ name, nearest: nearest?.replace("[0]", ".0") }]);
  });

  test("is one of the answer where that has it, but for the names that results have themselves", async () => {
    const columns = new ResultColumns(["city", "text"]);
    const line = toChatLine("a", '{"city":"Rome","people":3}');
    const values = columns.read(await readOne(line, toRequestLine(askForCity("a"))));
    expect(values).toEqual(["Rome", '{"city":"Rome","people":3}']);
    expect(columns.absent()).toEqual([]);
  });

  test("is not one that results may have, even where none does", async () => {
    const columns = new ResultColumns(["error.param", "problem.code", "refusal", "usage", "embedding"]);
    columns.read(await readOne(toChatLine("a", "Hi")));
    expect(columns.absent()).toEqual([]);
  });
});
