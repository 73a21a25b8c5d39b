import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { displayWidth } from "../../../src/cli/frame/display-width.js";
import { chatAnswerLine, chatLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const data =
  process.env.OPENBATCH_REAL_DATA ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const below = temporaryFolder();

/** The lines of an input; only a line feed ends one. */
function read(name: string): readonly string[] {
  return readFileSync(join(data, "inputs", name), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

describe.skipIf(!existsSync(data))("real texts (OPENBATCH_REAL_DATA names their folder)", () => {
  test.each(["blns.txt", "xlm-t-arabic-test_text.txt", "mgsm_ja.tsv"])(
    "of %s are shown and compared within 80 columns, and steer no terminal",
    async (name) => {
      const texts = read(name).slice(0, 500);
      const cwd = writeFolder(below, {
        "requests.jsonl": texts.map((text, index) =>
          chatLine(`${index}`, { messages: [{ role: "user", content: text }] }),
        ),
        "small.jsonl": texts.map((text, index) => chatAnswerLine(`${index}`, text)),
        "large.jsonl": texts.map((text, index) => chatAnswerLine(`${index}`, `${text} ${text}`)),
      });
      const args = ["results", "requests.jsonl", "small.jsonl", "--show", "500"];
      for (const more of [[], ["--compare", "large.jsonl"]]) {
        const { out } = await runCli([...args, ...more], { cwd });
        expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        const wide = out.split("\n").filter((line) => displayWidth(line) > 80);
        expect(wide.filter((line) => !/^ +(?:openbatch|tokens:) /.test(line))).toEqual([]);
        expect(out.split("\n").length).toBeGreaterThan(texts.length);
      }
    },
  );

  test("of Groq are shown beside what was asked", async () => {
    const args = ["requests/groq-chat-3.jsonl", "results/groq-chat-3.jsonl", "--show", "1"];
    const { out } = await runCli(["results", ...args], { cwd: data });
    expect(out).toContain(`request-1  usable
  system    You are a helpful assistant.
  user      What is 2+2?
  answer    The answer to 2+2 is 4.
`);
  });
});
