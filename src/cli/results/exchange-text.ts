import { formatCount, quoteArgument, toPlainText } from "../../errors/index.js";
import type { Exchange, PromptPart, Result } from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { cutToWidth, padToWidth } from "../frame/display-width.js";
import { quoteName } from "../frame/quoting.js";
import { wrapText } from "../frame/wrap-text.js";
import { type ShownEntry, toAnswerEntries, toEntry } from "./answer-entries.js";

export interface ExchangeTextOptions {
  readonly columns: number;
  readonly colors: CommandIo["colors"];
  /** How many lines of one entry are shown; all by default. */
  readonly maxLines?: number;
  /** What is shown besides, between the prompt and the answer, and behind both. */
  readonly between?: readonly ShownEntry[];
  readonly behind?: readonly ShownEntry[];
}

const labelWidth = 10;
const indent = 2;

/** A prompt and its answer, each under its label, with problems at their places. */
export function toExchangeText(exchange: Exchange, options: ExchangeTextOptions): string {
  const { colors, columns, between = [], behind = [] } = options;
  const { result, prompt } = exchange;
  const entries = [...prompt.map(toPromptEntry), ...between, ...toAnswerEntries(result), ...behind];
  const head = `${colors.bold(cutToWidth(quoteName(exchange.custom_id), columns - 1))}  ${toStatusText(result, colors)}`;
  const lines = entries.flatMap((entry) => toEntryLines(entry, exchange.custom_id, options));
  return `${[head, ...lines].join("\n")}\n`;
}

/** What became of it, in a word or two. */
function toStatusText(result: Result, { green, red }: CommandIo["colors"]): string {
  switch (result.status) {
    case "succeeded":
      return result.problem === undefined ? green("usable") : red(`answered, ${result.problem.code}`);
    case "failed":
      return red(["failed", result.statusCode, toErrorName(result.error)].filter(isSaid).join(" "));
    case "expired":
    case "cancelled":
    case "missing":
    case "unreadable":
      return red(result.status);
    default:
      return result satisfies never;
  }
}

function toErrorName({
  code,
  type,
}: {
  readonly code: string | undefined;
  readonly type: string | undefined;
}): string {
  const name = code ?? type;
  return name === undefined ? "" : quoteName(name);
}

function isSaid(word: string | number | undefined): boolean {
  return word !== undefined && word !== "";
}

const partWords: Readonly<Record<PromptPart["kind"], string>> = {
  text: "",
  image: "[image] ",
  audio: "[audio] ",
  file: "[file] ",
  tool_call: "[call] ",
  tool_result: "[result] ",
  other: "",
};

function toPromptEntry({ role, kind, text }: PromptPart): ShownEntry {
  return toEntry(role ?? "prompt", `${partWords[kind]}${text}`, "asked");
}

function toEntryLines(entry: ShownEntry, custom_id: string, options: ExchangeTextOptions): readonly string[] {
  const { columns, colors, maxLines = Infinity } = options;
  const room = columns - indent - labelWidth;
  const all = entry.lines.flatMap((line) => {
    const inside = Math.min(line.level * 2, room >> 1);
    const width = room - inside;
    // More than is shown need not be wrapped; what is wrong is shown whatever it takes.
    const text = line.text.slice(0, maxLines * width * 2);
    return wrapText(text, width).map((part) => ({
      text: `${" ".repeat(inside)}${part}`,
      isWrong: line.isWrong,
    }));
  });
  const shown = all.length > maxLines ? all.filter(({ isWrong }, index) => index < maxLines || isWrong) : all;
  const length = entry.lines.reduce((sum, { text }) => sum + text.length, 0);
  const isCut =
    shown.length < all.length || entry.lines.some(({ text }) => text.length > maxLines * room * 2);
  const more = isCut
    ? [
        {
          text: colors.dim(`… ${formatCount(length)} characters in all: --id ${quoteArgument(custom_id)}`),
          isWrong: false,
        },
      ]
    : [];
  const label = cutToWidth(toPlainText(entry.label), labelWidth - 1);
  return [...shown, ...more].map(({ text, isWrong }, index) => {
    const head = padToWidth(index === 0 ? label : "", labelWidth);
    return `${" ".repeat(indent)}${toLabelColor(entry, colors)(head)}${isWrong ? colors.red(text) : toTextColor(entry, colors)(text)}`.trimEnd();
  });
}

function toLabelColor({ kind }: ShownEntry, colors: CommandIo["colors"]): (text: string) => string {
  if (kind === "wrong") return colors.red;
  return kind === "answered" ? colors.green : colors.dim;
}

function toTextColor({ kind }: ShownEntry, colors: CommandIo["colors"]): (text: string) => string {
  if (kind === "wrong") return colors.red;
  return kind === "aside" ? colors.dim : String;
}
