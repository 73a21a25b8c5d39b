import { formatCount, OpenbatchError } from "../../errors/index.js";
import type { JobStoppedError } from "../../job.js";
import { ExitCode, toExitCode } from "../frame/exit-code.js";

/** The others are in the record, and in the summary as JSON. */
const mostNamed = 5;

/** What goes on without us is said, and how to end it. */
export function toJobStop(
  { code, message, hint, summary }: JobStoppedError,
  goOn: string = summary.commands.submit,
): OpenbatchError {
  const { atService, parts, commands } = summary;
  const batches = parts.filter(({ state }) => state === "submitted").map(({ batch }) => batch);
  const more = batches.length - mostNamed;
  const named = `${batches.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
  const there = batches.length === 0 ? "" : ` At the service: ${named}.`;
  const again = `Go on: ${goOn}`;
  if (atService === 0) return new OpenbatchError(code, message, { hint: `${hint}\n      ${again}` });
  const first = code === "interrupted" ? toComfort(batches.length) : hint;
  const lines = [first, again, `Cancel it: ${commands.cancel}`];
  return new OpenbatchError(code, `${message}${there}`, { hint: lines.join("\n      ") });
}

/** What is refused before anything is sent is another end than what is stopped. */
export function toStopExit({ code, summary }: JobStoppedError): ExitCode {
  return code === "cost_over_limit" && summary.parts.length > 0 ? ExitCode.stopped : toExitCode(code);
}

function toComfort(batches: number): string {
  if (batches === 0) return "Nothing is lost: the results wait at the service.";
  return `Nothing is lost, and ${batches === 1 ? "the batch goes" : `${formatCount(batches)} batches go`} on there.`;
}
