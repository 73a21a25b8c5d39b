import { expect, test } from "vitest";
import { chatAnswerLine, chatLine, failureLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const below = temporaryFolder();

function write(): string {
  return writeFolder(below, {
    "requests.jsonl": ["a", "b", "c"].map((id) => chatLine(id)),
    "more.jsonl": [chatLine("d")],
    "output.jsonl": [chatAnswerLine("a", "Hello")],
    "errors.jsonl": [failureLine("b", 500, { message: "no" })],
    "empty.jsonl": [],
  });
}

async function read(...args: readonly string[]) {
  const { out, exit, error } = await runCli(["results", ...args, "--json"], { cwd: write() });
  return { exit, error, json: out === "" ? undefined : JSON.parse(out) };
}

test.each([
  [["requests.jsonl", "output.jsonl", "errors.jsonl"]],
  [["output.jsonl", "requests.jsonl", "errors.jsonl"]],
  [["output.jsonl", "errors.jsonl", "requests.jsonl"]],
  [["requests.jsonl", "output.jsonl", "--results", "errors.jsonl"]],
  [["requests.jsonl", "output.jsonl", "errors.jsonl", "./output.jsonl"]],
  [["empty.jsonl", "requests.jsonl", "output.jsonl", "errors.jsonl"]],
])("%j are a batch file and its results files", async (args) => {
  const { json, exit } = await read(...args);
  expect(exit).toBe(1);
  expect(json.requests).toBe("requests.jsonl");
  expect(json.counts).toMatchObject({ total: 3, succeeded: 1, failed: 1, missing: 1, strays: 0 });
  const next = json.next.join("\n");
  expect(next).toContain("openbatch results requests.jsonl --results ");
  expect(next).toContain("--results errors.jsonl");
});

test("results files alone are read together", async () => {
  const { json } = await read("output.jsonl", "errors.jsonl");
  expect(json).toMatchObject({ results: ["output.jsonl", "errors.jsonl"], counts: { total: 2 } });
  expect(json.requests).toBeUndefined();
});

test("two batch files are not taken for a pair", async () => {
  const { error, exit } = await read("requests.jsonl", "more.jsonl");
  expect(exit).toBe(2);
  expect(error).toContain("requests.jsonl and more.jsonl are both batch files.");
});

test("whoever means a request is told how to name one", async () => {
  const { error, exit } = await read("requests.jsonl", "it's a");
  expect(exit).toBe(2);
  expect(error).toContain("There is no file it's a.");
  expect(error).toContain("--id 'it'\\''s a'");
});

test("a table is no batch file, and the command that makes one of it is named", async () => {
  const cwd = writeFolder(below, { "reviews.csv": ["id,text", "1,good"] });
  const { exit, error } = await runCli(["results", "reviews.csv"], { cwd });
  expect(exit).toBe(2);
  expect(error).toContain("hint: Make one: openbatch build reviews.csv");
});
