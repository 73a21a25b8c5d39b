import { expect, test } from "vitest";
import { toFitting } from "../../../src/cli/frame/say.js";

const at40 = (text: string) => toFitting(text, 40).split("\n");

test("a sentence is broken between words, and goes on a little to the right", () => {
  expect(at40("error[run_differs]: The answers in reviews.openbatch are to something else.")).toEqual([
    "error[run_differs]: The answers in",
    "  reviews.openbatch are to something",
    "  else.",
  ]);
  expect(at40("    time: 0.027 s, 3 attempts, 0.014 s a request\nshort")).toEqual([
    "    time: 0.027 s, 3 attempts, 0.014 s a",
    "      request",
    "short",
  ]);
});

test("a command stands on a line of its own, whole, so that it can be copied", () => {
  const command = "openbatch results requests.jsonl --results answers.jsonl --failed";
  expect(at40(`Next: ${command}`)).toEqual(["Next:", `  ${command}`]);
  expect(at40(`  ${command}`)).toEqual([`  ${command}`]);
  expect(at40(`hint: Only one of them is meant, it seems. Make one: ${command}`)).toEqual([
    "hint: Only one of them is meant, it",
    "  seems. Make one:",
    `  ${command}`,
  ]);
  expect(at40("  Use it    OPENAI_BASE_URL=http://127.0.0.1:4040/v1 your-program")).toEqual([
    "  Use it",
    "      OPENAI_BASE_URL=http://127.0.0.1:4040/v1 your-program",
  ]);
});

test("a long word stays whole, columns stay aligned, colours and wide letters are counted as they are seen", () => {
  const link = `http://127.0.0.1:4040/_/#token=${"x".repeat(30)}`;
  expect(at40(`Look: ${link}`)).toEqual(["Look:", `  ${link}`]);
  const row = "   1  responses  gpt-5.4-mini         3  1,879 bytes";
  expect(at40(row)).toEqual([row]);
  expect(
    at40(`\u001b[1m\u001b[31merror\u001b[39m\u001b[22m: this fits into forty cells, it d.`),
  ).toHaveLength(1);
  expect(at40("日本語".repeat(5).concat(" ", "日本語".repeat(5)))).toHaveLength(2);
});

test("where there is no terminal nothing is broken", () => {
  const line = "word ".repeat(40);
  expect(toFitting(line, undefined)).toBe(line);
  expect(toFitting(line, 0)).toBe(line);
});
