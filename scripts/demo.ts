// From a table to a checked batch file, with the commands that a user types: npm run demo
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createColors } from "picocolors";

const { bold, cyan, dim } = createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);
const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
mkdirSync("demo", { recursive: true });

tell("1. A table of 46 chemical elements, and a template with a prompt and a schema for the answers");
show("examples/data/elements.csv", 3);
show("examples/elements.yaml");

tell("2. Each row becomes a request of a batch file");
openbatch(
  "build --template examples/elements.yaml --input examples/data/elements.csv --output demo/elements.jsonl --overwrite",
);
show("demo/elements.jsonl", 1);

tell("3. The file is checked before anybody pays for it");
openbatch("validate demo/elements.jsonl");

tell("4. A copy, broken in the ways that batch files are broken in practice");
writeFileSync("demo/broken.jsonl", breakLines(readFileSync("demo/elements.jsonl", "utf8")));
openbatch("validate demo/broken.jsonl", { exitCode: 1 });

tell("5. What can be mended is mended in a copy; the rest is yours");
openbatch("validate --fix demo/broken.jsonl", { exitCode: 1, lines: 5 });

tell("The files are here");
for (const file of ["demo/elements.jsonl", "demo/broken.jsonl", "demo/broken.fixed.jsonl"]) {
  console.log(`  ${root}${file}`);
}

function breakLines(text: string): string {
  const lines = text.split("\n");
  const edit = (index: number, from: string, to: string): void => {
    lines[index] = (lines[index] ?? "").replace(from, to);
  };
  edit(0, "{", "\uFEFF{");
  edit(4, '"temperature"', '"temprature"');
  edit(7, '"element-8"', '"element-1"');
  edit(11, '"body":{', '"body":{"stream":true,');
  edit(15, '"/v1/chat/completions"', '"/chat/completions"');
  edit(19, "}]", "}");
  edit(23, '"role":"user"', '"role":"usr"');
  lines.splice(30, 0, "");
  return lines.join("\n").trimEnd().slice(0, -120);
}

/** Shows a command and runs it as it is built; the demo fails if it does not end as it should. */
function openbatch(
  line: string,
  { exitCode = 0, lines }: { readonly exitCode?: number; readonly lines?: number } = {},
): void {
  const head = lines === undefined ? "" : ` | head -n ${lines}`;
  console.log(`\n${dim("$")} ${cyan(`npx openbatch ${line}${head}`)}`);
  const { status, stdout } = spawnSync(process.execPath, ["dist/cli/main.js", ...line.split(" ")], {
    encoding: "utf8",
    stdio: ["ignore", lines === undefined ? "inherit" : "pipe", "inherit"],
  });
  if (lines !== undefined) console.log(stdout.split("\n").slice(0, lines).join("\n"));
  if (status !== exitCode) process.exitCode = 1;
}

function show(file: string, count = Number.POSITIVE_INFINITY): void {
  const command = count === Number.POSITIVE_INFINITY ? `cat ${file}` : `head -n ${count} ${file}`;
  console.log(`\n${dim("$")} ${cyan(command)}`);
  console.log(readFileSync(file, "utf8").trimEnd().split("\n").slice(0, count).join("\n"));
}

function tell(text: string): void {
  console.log(`\n${bold(text)}`);
}
