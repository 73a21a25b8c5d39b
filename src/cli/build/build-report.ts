import { countOf, quoteArgument, toPlainLines, toPlainText } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { toFlagWords } from "../frame/flag-words.js";
import { toJsonText } from "../frame/quoting.js";
import { sayError, sayNotes, sayOut } from "../frame/say.js";
import type { BuildFlags } from "./build-flags.js";
import type { BuildOutcome } from "./build-requests.js";

export interface PrintOptions {
  readonly flags: BuildFlags;
  readonly io: CommandIo;
}

/** Says what a build did, and what to do next. */
export function printOutcome(outcome: BuildOutcome, options: PrintOptions): void {
  if (options.flags.json) printJson(outcome, options);
  else printText(outcome, options);
}

function printJson({ preview, ...outcome }: BuildOutcome, { flags, io }: PrintOptions): void {
  const { output } = flags;
  const object =
    preview === undefined
      ? { output, ...outcome, ...(outcome.written > 0 ? { next: toNextCommand(flags) } : {}) }
      : { ...outcome, written: 0, requests: preview };
  io.writeOut(`${toJsonText(object, 2)}\n`);
}

function printText(outcome: BuildOutcome, { flags, io }: PrintOptions): void {
  for (const { code, count, path, message, hint } of outcome.warnings) {
    const place = path === "" ? "" : `${path}: `;
    const share = count === undefined ? "" : ` (${countOf(count, "request")})`;
    sayError(
      io,
      `warning[${code}]: ${toPlainLines(`${place}${toFlagWords(`${message} ${hint}`)}${share}`)}\n`,
    );
  }
  sayNotes(io, outcome.notes);
  if (outcome.preview !== undefined) {
    for (const request of outcome.preview) io.writeOut(`${toJsonText(request, 2, shorten)}\n`);
    io.writeError("Nothing was written: --dry-run.\n");
    return;
  }
  const { output = "-" } = flags;
  const say = output === "-" ? sayError : sayOut;
  say(io, `${toPlainText(summarise(outcome, output))}\n`);
  if (output !== "-" && outcome.written > 0) say(io, `Next: ${toNextCommand(flags)}\n`);
}

function summarise({ written, skipped, shared, failed, leftOut }: BuildOutcome, output: string): string {
  const place = output === "-" ? "standard output" : output;
  const sentences = [
    written === 0 ? "Nothing was written." : `Wrote ${countOf(written, "request")} to ${place}.`,
  ];
  if (skipped > 0) {
    sentences.push(`${countOf(skipped, "request")} ${skipped === 1 ? "was" : "were"} in ${place} already.`);
  }
  if (shared > 0) {
    const ask =
      shared === 1 ? "asks what another one asks, and shares its" : "ask what others ask, and share their";
    sentences.push(`${countOf(shared, "row")} ${ask} request${shared === 1 ? "" : "s"}.`);
  }
  if (failed > 0) sentences.push(`${countOf(failed, "row")} failed.`);
  if (leftOut > 0) sentences.push(`${countOf(leftOut, "row")} ${leftOut === 1 ? "was" : "were"} left out.`);
  return sentences.join(" ");
}

function toNextCommand({ output = "-", for: target }: BuildFlags): string {
  const aim = target === "upload" ? "" : `--for ${target} `;
  return `openbatch validate ${aim}${quoteArgument(output)}`;
}

/** An image as a data URL would fill the screen many times. */
function shorten(_: string, value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith("data:") || value.length < 200) return value;
  return `${value.slice(0, 60)}… (${value.length} characters)`;
}
