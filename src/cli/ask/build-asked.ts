import { OpenbatchError } from "../../errors/index.js";
import { loadRowTemplate, readRows } from "../../index.js";
import type { BuildFlags } from "../build/build-flags.js";
import { type BuildOutcome, buildRequests } from "../build/build-requests.js";
import type { CommandIo } from "../frame/command.js";
import { sayNotes } from "../frame/say.js";
import { toReadOptions } from "../frame/table-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import type { AskFlags } from "./ask-flags.js";
import type { AskFolder } from "./ask-folder.js";
import { writeAnew } from "./write-anew.js";

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
 * made anew, and holds nothing that no row asks any more. Of a question that cannot be asked, nothing that is there is replaced.
 */
export async function buildAsked({ folder, template, ...options }: BuildAskedOptions): Promise<BuildOutcome> {
  const { flags } = options;
  await writeAnew(folder.nextTemplate, template);
  const build = toBuildFlags(folder, options);
  try {
    if (await isSameForAll(build)) throw await noColumn(options.table, flags);
    const outcome = await buildRequests(build, options.io);
    if (outcome.written + outcome.skipped > 0) return outcome;
    sayNotes(options.io, outcome.notes);
    throw nothingToAsk(options.table, outcome);
  } catch (error) {
    throw toPlain(error, folder);
  }
}

/** Whether every row would ask the same. */
async function isSameForAll({ template, for: target }: BuildFlags): Promise<boolean> {
  const codes: string[] = [];
  await loadRowTemplate(template, { target, onWarning: ({ code }) => codes.push(code) });
  return codes.includes("identical_requests");
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
    ...{ template: folder.nextTemplate, input: table, output: folder.requests },
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

/** What a build says names its files, which nobody asked for here, and options that this command has not. */
function toPlain(error: unknown, { nextTemplate: template, requests }: AskFolder): unknown {
  if (!(error instanceof OpenbatchError)) return error;
  if (error.code === "invalid_template" && error.message.startsWith(`${template}:`)) {
    const what = error.message
      .slice(template.length)
      .replace(/^:\d+: /, "")
      .replace(`\n${requests} is as it was.`, "\nNothing was sent.");
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
