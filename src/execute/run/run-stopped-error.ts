import { type Code, countOf, formatCount, OpenbatchError } from "../../errors/index.js";
import type { RunEnd } from "../record/run-record.js";
import type { RunSummary } from "./run-summary.js";

/**
 * Thrown when a run ends before each of its requests has a result. All results so far are in the results file, and the same
 * call goes on from there. `code` is that of the cause: `interrupted` for the signal, `disk_full`, or what would have failed
 * every request.
 */
export class RunStoppedError extends OpenbatchError {
  override readonly name = "RunStoppedError";
  /** What the run did until then. */
  readonly summary: RunSummary;

  /** @param known what to do, where more is known than the cause says. */
  constructor(end: Exclude<RunEnd, { kind: "completed" }>, summary: RunSummary, known?: string) {
    const { code, message, hint, cause } = describeEnd(end, known);
    // What the file holds then, nobody here can tell.
    const state = code === "results_file_changed" ? "" : ` ${toState(summary)}`;
    super(code, `${message}${state}`, { hint, cause });
    this.summary = summary;
  }
}

interface EndDescription {
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
  readonly cause?: unknown;
}

function describeEnd(end: Exclude<RunEnd, { kind: "completed" }>, known?: string): EndDescription {
  const goOn = "Run again, it goes on where it stopped.";
  if (end.kind === "interrupted")
    return { code: "interrupted", message: "The run was interrupted.", hint: goOn };
  const { code, message, hint: own } = end.cause;
  const hint = known ?? own;
  if (code === "disk_full") return { code, message, hint: `Make room. ${goOn}`, cause: end.cause };
  return {
    code,
    message,
    hint: code === "batch_file_changed" || code === "results_file_changed" ? hint : `${hint} ${goOn}`,
    cause: end.cause,
  };
}

function toState({ selected, pending, output }: RunSummary): string {
  const [have, are] = [selected === 1 ? "has its" : "have their", pending === 1 ? "is" : "are"];
  return `${formatCount(selected - pending)} of ${countOf(selected, "request")} ${have} result in ${output}; ${formatCount(pending)} ${are} pending.`;
}
