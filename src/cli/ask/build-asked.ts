import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { readRows } from "../../index.js";
import type { BuildFlags } from "../build/build-flags.js";
import { type BuildOutcome, buildRequests } from "../build/build-requests.js";
import type { CommandIo } from "../frame/command.js";
import { toReadOptions } from "../frame/table-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import type { AskFlags } from "./ask-flags.js";
import type { AskFolder } from "./ask-folder.js";

export interface BuildAskedOptions {
  readonly table: string;
  readonly folder: AskFolder;
  /** The text of the template. */
  readonly template: string;
  readonly flags: AskFlags;
  readonly io: CommandIo;
}

/**
 * Makes the batch file of the rows as they are now. Where a job has lines of it at a service, new ones are appended; otherwise it is
 * made anew, and holds nothing that no row asks any more.
 */
export async function buildAsked({ folder, template, ...options }: BuildAskedOptions): Promise<BuildOutcome> {
  const { flags } = options;
  if (folder.held === "rehearsed" && !flags.rehearse) await folder.removeRehearsal();
  await replaceText(folder.template, template);
  const build = toBuildFlags(folder, options);
  try {
    const outcome = await buildRequests(build, options.io);
    if (outcome.warnings.some(({ code }) => code === "identical_requests"))
      throw await noColumn(options.table, flags);
    if (outcome.written + outcome.skipped > 0) return outcome;
    throw nothingToAsk(options.table, outcome);
  } catch (error) {
    throw toPlain(error, folder);
  }
}

async function noColumn(table: string, flags: AskFlags): Promise<OpenbatchError> {
  const names: string[] = [];
  for await (const { cells, columns = Object.keys(cells) } of readRows(table, toReadOptions(flags))) {
    names.push(...columns.slice(0, maxNamed).map((name) => `{${name}}`));
    break;
  }
  return wrongUsage(
    "The question names no column, so that it would be the same for every row.",
    `Put one into it, as in "Is this friendly? {Review Text}". The table has ${names.join(", ")}.`,
  );
}

const maxNamed = 20;

/** As the command line of `openbatch build` gives them. */
function toBuildFlags(
  folder: AskFolder,
  { table, flags }: Pick<BuildAskedOptions, "table" | "flags">,
): BuildFlags {
  const { inputFormat, sheet, header, headerRow, delimiter, quote, encoding } = flags;
  return {
    ...{ template: folder.template, input: table, output: folder.requests },
    ...(folder.hasJob ? { append: true } : { overwrite: true }),
    ...{ lines: 0, onError: "stop", skipBlankRows: true, for: flags.batch ? "upload" : "openbatch", header },
    ...(inputFormat === undefined ? {} : { inputFormat }),
    ...(sheet === undefined ? {} : { sheet }),
    ...(headerRow === undefined ? {} : { headerRow }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote }),
    ...(encoding === undefined ? {} : { encoding }),
  };
}

function nothingToAsk(table: string, { leftOut }: BuildOutcome): OpenbatchError {
  const why = leftOut > 0 ? "in every row a column of the question is blank" : "it holds no row";
  return new OpenbatchError("invalid_table", `${table} has nothing to ask about: ${why}.`, {
    hint: "Look whether it is the right table and the right column.",
  });
}

/** What a build says names its template, and options that this command has not. */
function toPlain(error: unknown, { template }: AskFolder): unknown {
  if (!(error instanceof OpenbatchError)) return error;
  if (error.code === "invalid_template" && error.message.startsWith(`${template}:`)) {
    const what = error.message.slice(template.length).replace(/^:\d+: /, "");
    // The schema is of the command line, and always strict here.
    if (what.startsWith("The schema "))
      return new OpenbatchError("invalid_schema", what, {
        cause: error,
        hint: "Change it as the message says.",
      });
    return new OpenbatchError("invalid_template", `The question: ${what}`, {
      cause: error,
      hint: error.hint,
    });
  }
  if (error.code !== "row_failed") return error;
  const [message = ""] = error.message.split("\n");
  return new OpenbatchError("row_failed", `${message}\nNothing was sent.`, {
    cause: error,
    hint: "Mend the row, or leave it out of the table.",
  });
}

async function replaceText(path: string, text: string): Promise<void> {
  const beside = `${path}.tmp`;
  try {
    if (existsSync(beside)) await rm(beside);
    await writeFile(beside, text);
    await rename(beside, path);
  } catch (cause) {
    throw toFileError(cause, "write", path);
  }
}
