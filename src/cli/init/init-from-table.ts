import { join } from "node:path";
import { quoteArgument, toPlainText } from "../../errors/index.js";
import { loadRowTemplate } from "../../index.js";
import { toAnswersEnding, toBareName } from "../frame/answers-name.js";
import type { CommandIo } from "../frame/command.js";
import { toJsonText } from "../frame/quoting.js";
import { sayNotes, sayOut } from "../frame/say.js";
import { type TableFlags, toTableWords } from "../frame/table-flags.js";
import { writeNewFiles } from "./new-files.js";
import { describeTable } from "./table-columns.js";
import { hasNullInPrompt, toTableTemplate } from "./table-template.js";

export interface FromTableFlags extends TableFlags {
  /** The path of the table. */
  readonly from: string;
  readonly json?: true;
}

/** Writes a template for a table of one's own, and shows what it makes of the first row. */
export async function initFromTable(folder: string, flags: FromTableFlags, io: CommandIo): Promise<void> {
  const table = await describeTable(flags.from, flags, io.signal);
  const template = join(folder, "template.yaml");
  await writeNewFiles(folder, { [template]: toTableTemplate(table, flags.from) });
  const nullText = hasNullInPrompt(table) ? "" : undefined;
  const loaded = await loadRowTemplate(template, nullText === undefined ? {} : { nullText });
  const request = loaded.toRequest(table.first);
  const next = toNextCommands(folder, { ...flags, nullText });
  sayNotes(io, table.notes);
  if (flags.json) {
    const { columns } = table;
    io.writeOut(`${toJsonText({ files: [template], columns, request, next }, 2)}\n`);
    return;
  }
  sayOut(io, `Wrote ${toPlainText(template)}. Of the first row of ${toPlainText(flags.from)} it makes:\n`);
  io.writeOut(`${toJsonText(request, 2, shorten)}\n`);
  io.writeOut(`Next:\n${next.map((line) => `  ${line}\n`).join("")}`);
}

const maxShown = 1_000;

function shorten(_: string, value: unknown): unknown {
  if (typeof value !== "string" || value.length <= maxShown) return value;
  return `${value.slice(0, maxShown)}… (${value.length} characters)`;
}

/** From the template to the answers beside the rows. */
function toNextCommands(
  folder: string,
  { from, nullText, ...flags }: FromTableFlags & { readonly nullText: string | undefined },
): readonly string[] {
  const [table, words] = [quoteArgument(from), toTableWords(flags)];
  const [template, requests] = [join(folder, "template.yaml"), join(folder, "requests.jsonl")].map(
    quoteArgument,
  );
  const nulls = nullText === undefined ? "" : ` --null ${quoteArgument(nullText)}`;
  const answers = quoteArgument(
    join(folder, `${toBareName(from)}.answers${toAnswersEnding(from, flags.inputFormat)}`),
  );
  return [
    `openbatch build ${table}${words} --template ${template} --output ${requests}${nulls}`,
    `openbatch run ${requests} --rehearse`,
    `openbatch results ${requests} --join ${table}${words} --to ${answers}`,
  ];
}
