import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { quoteArgument } from "../../src/errors/index.js";

test.each(["requests.jsonl", "a b.jsonl", 'it\'s "$HOME".jsonl', "-"])("a shell gets %s as it is", (path) => {
  const line = `printf %s ${quoteArgument(path)}`;
  expect(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" })).toBe(path);
});

test.skipIf(!existsSync("/bin/bash"))(
  "bash gets what would steer a terminal as it is, and the terminal does not",
  () => {
    const path = "it's \\ \u001b[31m\u202e.jsonl";
    const quoted = quoteArgument(path);
    expect(quoted).toBe(String.raw`$'it\'s \\ \u001b[31m\u202e.jsonl'`);
    const env = { ...process.env, LC_ALL: "C.UTF-8" };
    expect(execFileSync("/bin/bash", ["-c", `printf %s ${quoted}`], { encoding: "utf8", env })).toBe(path);
  },
);

test.each([
  ["-x.jsonl", "./-x.jsonl"],
  ["--json", "./--json"],
  ["-x y.jsonl", "'./-x y.jsonl'"],
])("%s is taken for no option", (path, quoted) => {
  expect(quoteArgument(path)).toBe(quoted);
});
