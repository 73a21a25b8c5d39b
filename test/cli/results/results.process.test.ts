import { expect, test } from "vitest";
import { chatAnswerLine, cityLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";
import { startCli } from "../start-cli.js";

const below = temporaryFolder();

test("Ctrl-C ends it among answers of which each takes ages to check", async () => {
  const schema = { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } } };
  // All of them take half an hour.
  const ids = Array.from({ length: 4000 }, (_, index) => `r${index}`);
  const cwd = writeFolder(below, {
    "requests.jsonl": ids.map((id) => cityLine(id, schema)),
    "results.jsonl": ids.map((id) => chatAnswerLine(id, `{"a":"${"a".repeat(40)}!"}`)),
  });
  const args = ["results", "requests.jsonl", "--results", "results.jsonl"];
  const { child, says, ended } = startCli(args, { cwd });
  child.stdin.end();
  await says("Reading results.jsonl");
  child.kill("SIGINT");
  expect(await ended()).toMatchObject({ exit: 130, error: expect.stringContaining("error[interrupted]") });
});
