import { existsSync, mkdirSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { OpenbatchError, quoteArgument, toFileError, toPlainText } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";
import { starterTable, starterTemplate } from "./init-files.js";

export function define(command: Command): void {
  command
    .argument("[folder]", "where to write template.yaml and rows.csv; made if it is absent", ".")
    .option("--json", "print one JSON object instead of text")
    .addHelpText(
      "after",
      `
Nothing is written over. Exit codes: 0 done, 2 a file is there already.

Examples:
  openbatch init
  openbatch init reviews`,
    );
}

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  // Its default makes it always there.
  const [folder = "."] = command.processedArgs as readonly (string | undefined)[];
  const [template, table] = [join(folder, "template.yaml"), join(folder, "rows.csv")];
  await writeNewFiles(folder, { [template]: starterTemplate, [table]: starterTable });
  const next = toNextCommands({ template, table, output: join(folder, "requests.jsonl") });
  if (command.opts<{ readonly json?: true }>().json) {
    io.writeOut(`${toJsonText({ files: [template, table], next }, 2)}\n`);
  } else {
    io.writeOut(
      `Wrote ${toPlainText(`${template} and ${table}`)}.\nNext:\n${next.map((line) => `  ${line}\n`).join("")}`,
    );
  }
  return ExitCode.done;
}

async function writeNewFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const there = Object.keys(files).find((path) => existsSync(path));
  if (there !== undefined) {
    throw new OpenbatchError("file_exists", `${there} is there already; nothing was written.`, {
      hint: "Name another folder: openbatch init FOLDER.",
    });
  }
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new OpenbatchError("not_a_folder", `${folder} is a file, not a folder; nothing was written.`, {
      hint: "Name a folder: openbatch init FOLDER.",
    });
  }
  try {
    makeFolder(folder);
    for (const [path, text] of Object.entries(files)) await writeFile(path, text, { flag: "wx" });
  } catch (cause) {
    throw toFileError(cause, "write into", folder);
  }
}

/** Level by level: `recursive` of Node 20 never ends where the system refuses, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function toNextCommands({
  template,
  table,
  output,
}: {
  readonly template: string;
  readonly table: string;
  readonly output: string;
}): readonly string[] {
  const [templateArgument, tableArgument, outputArgument] = [template, table, output].map(quoteArgument);
  return [
    `openbatch build --template ${templateArgument} --input ${tableArgument} --output ${outputArgument}`,
    `openbatch validate ${outputArgument}`,
  ];
}
