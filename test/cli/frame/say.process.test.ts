import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { displayWidth } from "../../../src/cli/frame/display-width.js";
import { temporaryFolder } from "../../temporary-folder.js";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const columns = 80;
const cwd = temporaryFolder();
const long =
  "The heating did not work, and nobody came to look at it for the three days that we were there. ";

/** What a terminal of 80 columns shows of a command, line by line, without what is drawn over. */
function show(command: string): readonly string[] {
  const words = `stty cols ${columns}; openbatch() { '${process.execPath}' '${main}' "$@"; }; ${command}`;
  const { stdout } = spawnSync("script", ["-qfec", words, "/dev/null"], {
    ...{ cwd, encoding: "utf8", input: "" },
    env: { ...process.env, SHELL: "/bin/bash", NO_COLOR: "1", OPENAI_API_KEY: "", OPENAI_BASE_URL: "" },
  });
  // Progress is drawn in place.
  return stdout.split("\n").map((line) =>
    (
      line
        .trimEnd()
        .split(/\r|\u001b\[[\d;]*[A-Za-z]/)
        .at(-1) ?? ""
    ).trimEnd(),
  );
}

/** What may be wider: a command that stands alone, or one word, and the JSON of a request. */
const mayBeWide = /^\s*(?:openbatch |OPENBATCH_|OPENAI_|"|\S+$)/;

const isUnix = process.platform !== "win32" && spawnSync("script", ["--version"]).status === 0;

describe.skipIf(!isUnix)("on a terminal of 80 columns", () => {
  test("no sentence is wider, whatever command says it", () => {
    writeFileSync(
      join(cwd, "reviews.csv"),
      `id,Review Text\n${Array.from({ length: 4 }, (_, index) => `${index},"${index} ${long.repeat(2)}"\n`).join("")}`,
    );
    const question = '"Is this friendly? {Review Text}" --labels yes,no';
    const commands = [
      "openbatch init --from reviews.csv",
      "openbatch build reviews.csv --template template.yaml --output requests-of-the-reviews.jsonl",
      "openbatch validate requests-of-the-reviews.jsonl",
      "openbatch plan requests-of-the-reviews.jsonl --provider openai",
      "openbatch run requests-of-the-reviews.jsonl --rehearse --fault 400:0.5",
      "openbatch results requests-of-the-reviews.jsonl",
      "openbatch results requests-of-the-reviews.jsonl --failed --show 2",
      "openbatch results requests-of-the-reviews.jsonl --join reviews.csv --to out.csv",
      "openbatch run requests-of-the-reviews.jsonl --base-url http://127.0.0.1:1/v1 --max-retries 0",
      "openbatch status",
      `openbatch ask reviews.csv ${question} --rehearse`,
      `openbatch ask reviews.csv ${question} --model m --base-url http://127.0.0.1:1/v1 </dev/null`,
      "openbatch validate reviews.csv",
      "openbatch view reviews.csv",
      ...[
        "init",
        "ask",
        "build",
        "validate",
        "plan",
        "run",
        "submit",
        "status",
        "results",
        "view",
        "serve",
      ].map((name) => `openbatch ${name} --help`),
    ];
    const wide = commands.flatMap((command) => {
      const lines = show(command);
      expect(lines.join("").length, command).toBeGreaterThan(20);
      return lines.filter((line) => displayWidth(line) > columns && !mayBeWide.test(line));
    });
    expect(wide).toEqual([]);
  }, 180_000);
});
