import { countOf, formatCount, toPlainText } from "../../errors/index.js";
import { type FailureCount, toFailureText } from "../../execute/index.js";
import type { PartRecord } from "../record/job-record.js";
import type { JobCommands } from "./job-commands.js";
import type { JobPart } from "./job-event.js";

/** Why requests failed, with what the service said of the first of them. */
export interface SaidFailure extends FailureCount {
  readonly said: string;
}

/** What the service found in a part, at its place in the batch file. */
export interface RejectedLine {
  readonly part: number;
  /** Of the batch file, counted from 1; `undefined` where the service names none. */
  readonly line: number | undefined;
  readonly custom_id: string | undefined;
  readonly code: string | undefined;
  readonly message: string;
}

export interface JobSummaryFields {
  readonly batchFile: string;
  /** The results file. */
  readonly output: string;
  /** The folder of the job's record. */
  readonly job: string;
  readonly target: string;
  readonly provider: string;
  /** How it is gone on with, and ended. */
  readonly commands: JobCommands;
  readonly requests: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Requests of which there is a batch at the service, or may be one. */
  readonly atService: number;
  /** Requests without a result that are nowhere. */
  readonly left: number;
  /** Those of them that are sent once the service takes them, or by the next submit. */
  readonly waiting: number;
  readonly parts: readonly JobPart[];
  readonly failures: readonly SaidFailure[];
  readonly rejected: readonly RejectedLine[];
  /** Batches whose results are no longer at the service, or were never named. */
  readonly gone: readonly Pick<PartRecord, "batch" | "requests" | "results" | "problems">[];
}

export interface JobSummary extends JobSummaryFields {}

const maxShown = 10;

/** Where a job stands. `String(summary)` is a text for people. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets each field, so that none is written twice.
export class JobSummary {
  constructor(fields: JobSummaryFields) {
    Object.assign(this, fields);
  }

  toString(): string {
    const { batchFile, requests, target, failures, output } = this;
    return [
      `${toPlainText(batchFile)}: ${countOf(requests, "request")}, to ${toPlainText(target)}`,
      this.#toCounts(),
      ...toPartTexts(this.parts.filter(({ state }) => state !== "merged")),
      ...(failures.length === 0 ? [] : [`failures: ${toFailureText(failures)}`]),
      ...failures.slice(0, maxShown).flatMap(toSaidText),
      ...this.rejected.slice(0, maxShown).map(toRejectedText),
      ...this.gone.slice(0, maxShown).map(toGoneText),
      `results: ${toPlainText(output)}`,
    ].join("\n    ");
  }

  #toCounts(): string {
    const { succeeded, failed, atService, waiting } = this;
    const lost = this.left - waiting;
    const parts = [`${formatCount(succeeded)} succeeded`, `${formatCount(failed)} failed`];
    if (atService > 0) parts.push(`${formatCount(atService)} at the service`);
    if (waiting > 0) parts.push(`${formatCount(waiting)} to be submitted`);
    if (lost > 0) parts.push(`${formatCount(lost)} without a result`);
    return parts.join(", ");
  }
}

function toPartTexts(parts: readonly JobPart[]): readonly string[] {
  const more = parts.length - maxShown;
  const shown = parts.slice(0, maxShown).map(toPartText);
  return more > 0 ? [...shown, `and ${countOf(more, "more part")}`] : shown;
}

/** `part 2: batch_abc in_progress, 1,200 of 50,000 done` */
export function toPartText({ number, batch, word, state, counts, requests }: JobPart): string {
  const where = batch === undefined ? state : toPlainText(`${batch} ${word ?? state}`);
  const done = counts === undefined ? "" : ` ${formatCount(counts.completed + counts.failed)} of`;
  return `part ${number}: ${where},${done} ${countOf(requests, "request")}${counts === undefined ? "" : " done"}`;
}

function toSaidText({ said, statusCode, code }: SaidFailure): string[] {
  return said === "" ? [] : [`${[statusCode, code].join(" ").trim()}: ${shorten(said)}`];
}

export function toRejectedText({ part, line, custom_id, code, message }: RejectedLine): string {
  const id = custom_id === undefined ? "" : ` (${JSON.stringify(custom_id)})`;
  const place = line === undefined ? `part ${part}` : `line ${line}${id}`;
  return `${place}: ${code === undefined ? "" : `${toPlainText(code)}: `}${shorten(message)}`;
}

function toGoneText({ batch, requests, results = 0, problems }: JobSummaryFields["gone"][number]): string {
  const said = problems?.[0]?.message ?? "";
  return `The results of ${toPlainText(`${batch}`)} cannot be had: ${shorten(said)} ${countOf(requests - results, "request")} without a result.`;
}

function shorten(text: string): string {
  const plain = toPlainText(text.replace(/\s+/g, " ").trim());
  return plain.length > 300 ? `${plain.slice(0, 299)}…` : plain;
}
