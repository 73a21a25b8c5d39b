import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { quoteArgument } from "../../../src/cli/frame/quoting.js";

test.each(["requests.jsonl", "a b.jsonl", 'it\'s "$HOME".jsonl', "-"])("a shell gets %s as it is", (path) => {
  const line = `printf %s ${quoteArgument(path)}`;
  expect(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" })).toBe(path);
});

test.each([
  ["-x.jsonl", "./-x.jsonl"],
  ["--json", "./--json"],
  ["-x y.jsonl", "'./-x y.jsonl'"],
])("%s is taken for no option", (path, quoted) => {
  expect(quoteArgument(path)).toBe(quoted);
});
