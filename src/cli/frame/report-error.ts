import { createColors } from "picocolors";
import { OpenbatchError, toPlainLines } from "../../errors/index.js";
import type { CommandIo } from "./command.js";
import { type ExitCode, toExitCode } from "./exit-code.js";
import { toFlagWords } from "./flag-words.js";
import { toJsonText } from "./quoting.js";
import { sayError } from "./say.js";

/** Says what went wrong on standard error, with `json` also as one object on standard output; gives the exit code. */
export function reportError(
  thrown: unknown,
  io: Omit<CommandIo, "colors">,
  { json }: { readonly json: boolean },
): ExitCode {
  const { code, message, hint } = toErrorFields(toOpenbatchError(thrown, io.signal));
  const { red, bold, dim } = createColors(io.isTerminal && !process.env.NO_COLOR);
  sayError(io, `${bold(red(`error[${code}]`))}: ${toPlainLines(message)}\n`);
  if (!message.includes(hint)) sayError(io, `${dim("hint:")} ${toPlainLines(hint)}\n`);
  if (isDebugging()) io.writeError(`${describeStack(thrown)}\n`);
  if (json) io.writeOut(`${toJsonText({ error: { code, message, hint } }, 2)}\n`);
  return toExitCode(code);
}

/** What a program is told of an error. */
export function toErrorFields({ code, message, hint }: OpenbatchError) {
  return { code, message: toFlagWords(message), hint: toFlagWords(hint) };
}

function toOpenbatchError(thrown: unknown, signal: AbortSignal): OpenbatchError {
  if (thrown instanceof OpenbatchError) return thrown;
  if (signal.aborted && signal.reason instanceof OpenbatchError) return signal.reason;
  // The message of a foreign error may quote what was being read, so it is shown to nobody who didn't ask.
  return new OpenbatchError("unexpected_failure", `Unexpected ${describePlace(thrown)}.`, { cause: thrown });
}

function describePlace(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const place = /(?:\/|\\)((?:dist|src|node_modules)[/\\][^()\s]+:\d+:\d+)/.exec(thrown.stack ?? "");
  const code = "code" in thrown && typeof thrown.code === "string" ? ` ${thrown.code}` : "";
  return `${thrown.name}${code}${place === null ? "" : ` at ${place[1]}`}`;
}

function describeStack(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

function isDebugging(): boolean {
  return Boolean(process.env.OPENBATCH_DEBUG) || /\bopenbatch\b/.test(process.env.DEBUG ?? "");
}
