import { join } from "node:path";
import type { Command } from "commander";
import { quoteArgument, toPlainText } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";
import { addTableOptions, type TableFlags } from "../frame/table-flags.js";
import { assertCompanion, wrongUsage } from "../frame/wrong-usage.js";
import { starterTable, starterTemplate } from "./init-files.js";
import { initFromTable } from "./init-from-table.js";
import { initProject } from "./init-project.js";
import { writeNewFiles } from "./new-files.js";

interface InitFlags extends TableFlags {
  readonly from?: string;
  readonly ts?: true;
  readonly json?: true;
}

export function define(command: Command): void {
  const init = command
    .argument("[folder]", "where to write template.yaml and rows.csv; made if it is absent", ".")
    .option("--from <table>", "write a template for this table, with its own columns, and no rows.csv")
    .option("--ts", "write a TypeScript project that runs: package.json, tsconfig.json, batch.ts")
    .option("--json", "print one JSON object instead of text");
  addTableOptions(init).addHelpText(
    "after",
    `
Nothing is written over. Exit codes: 0 done, 2 a file is there already.

Examples:
  openbatch init
  openbatch init reviews
  openbatch init --from reviews.xlsx
  openbatch init my-project --ts`,
  );
}

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<InitFlags>();
  // Its default makes it always there.
  const [folder = "."] = command.processedArgs as readonly (string | undefined)[];
  if (flags.from !== undefined && flags.ts)
    throw wrongUsage("--from and --ts write different things.", "Give one of the two.");
  if (flags.from !== undefined) await initFromTable(folder, { ...flags, from: flags.from }, io);
  else {
    assertNoTableFlags(command);
    await (flags.ts ? initProject : initStarter)(folder, flags, io);
  }
  return ExitCode.done;
}

function assertNoTableFlags(command: Command): void {
  const given = command.options.find(
    (option) =>
      !["json", "from", "ts"].includes(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (given !== undefined) assertCompanion([given.long ?? "", true], ["--from", undefined]);
}

async function initStarter(folder: string, { json }: InitFlags, io: CommandIo): Promise<void> {
  const [template, table] = [join(folder, "template.yaml"), join(folder, "rows.csv")];
  await writeNewFiles(folder, { [template]: starterTemplate, [table]: starterTable });
  const next = toNextCommands({ template, table, output: join(folder, "requests.jsonl") });
  if (json) {
    io.writeOut(`${toJsonText({ files: [template, table], next }, 2)}\n`);
  } else {
    io.writeOut(
      `Wrote ${toPlainText(`${template} and ${table}`)}.\nNext:\n${next.map((line) => `  ${line}\n`).join("")}`,
    );
  }
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
