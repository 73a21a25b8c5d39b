import { toPlainText } from "../../errors/index.js";
import {
  type Comparison,
  compareResults,
  type Difference,
  type ExportedDifferences,
  exportDifferences,
  type Results,
} from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { createProgress } from "../frame/progress.js";
import { toJsonText } from "../frame/quoting.js";
import { toComparisonText } from "./comparison-text.js";
import { openToLook } from "./results-actions.js";
import type { ResultsFlags } from "./results-flags.js";
import type { ResultsInputs } from "./results-inputs.js";
import { assertOutputs } from "./results-outputs.js";

export interface CompareOptions {
  readonly flags: ResultsFlags;
  readonly io: CommandIo;
}

/** Compares the results with others of the same requests. Ends well where every request has the same usable answer twice. */
export async function compareInputs(inputs: ResultsInputs, { flags, io }: CompareOptions): Promise<ExitCode> {
  const { compare = [], to } = flags;
  const others = { ...inputs, results: compare, named: compare };
  assertOutputs({ ...inputs, results: [...inputs.results, ...compare] }, flags);
  await using a = await openToLook(inputs, io);
  await using b = await openToLook(others, io);
  const files = { requests: inputs.requests, a: inputs.results, b: compare };
  if (inputs.requests === undefined) {
    const note =
      "Without the batch file answers are compared as texts, for nobody knows what they were asked to be.";
    io.writeError(`${io.colors.yellow("warning")}: ${note}\n`);
  }
  const work = new Compared(a, b, { flags, io });
  if (flags.json && to === undefined) return toExitCode(await work.writeJson(files));
  const { comparison, table } = await work.readOrWrite(to);
  if (flags.json) io.writeOut(`${toJsonText({ files, ...comparison, table }, 2)}\n`);
  else {
    const say = to === "-" ? io.writeError : io.writeOut;
    say(toComparisonText(comparison, files, io));
    if (table !== undefined && to !== "-")
      say(`Wrote ${table.rows} rows, where they don't agree, to ${toPlainText(to ?? "")}.\n`);
  }
  return toExitCode(comparison);
}

function toExitCode({ agreed, requests }: Comparison): ExitCode {
  return agreed === requests && requests > 0 ? ExitCode.done : ExitCode.findings;
}

/** Both results, and how they are shown to be compared. */
class Compared {
  readonly #a: Results;
  readonly #b: Results;
  readonly #options: CompareOptions;

  constructor(a: Results, b: Results, options: CompareOptions) {
    this.#a = a;
    this.#b = b;
    this.#options = options;
  }

  /** One object, of which the differences are written as they are found: there may be as many as requests. */
  async writeJson(files: object): Promise<Comparison> {
    const { writeOut } = this.#options.io;
    let separator = '{\n  "differences": [';
    const onDifference = (difference: Difference): void => {
      writeOut(`${separator}\n    ${toJsonText(difference)}`);
      separator = ",";
    };
    const comparison = await this.#show((watch) =>
      compareResults(this.#a, this.#b, { ...watch, listed: 0, onDifference }),
    );
    const { differences: _, ...numbers } = comparison;
    const head = separator === "," ? "\n  ]" : `${separator}]`;
    writeOut(`${head},\n${toJsonText({ files, ...numbers }, 2).slice(2)}\n`);
    return comparison;
  }

  async readOrWrite(
    to: string | undefined,
  ): Promise<{ readonly comparison: Comparison; readonly table?: Omit<ExportedDifferences, "comparison"> }> {
    const { show, toFormat, keepFormulas, overwrite } = this.#options.flags;
    const listed = show ?? 10;
    if (to === undefined) {
      return {
        comparison: await this.#show((watch) => compareResults(this.#a, this.#b, { ...watch, listed })),
      };
    }
    const options = {
      listed,
      overwrite: overwrite === true,
      keepFormulas: keepFormulas === true,
      ...(toFormat === undefined ? {} : { format: toFormat }),
    };
    const { comparison, ...table } = await this.#show((watch) =>
      exportDifferences(to, this.#a, this.#b, { ...options, ...watch }),
    );
    return { comparison, table };
  }

  async #show<Value>(
    work: (watch: {
      readonly signal: AbortSignal;
      readonly onProgress: (count: number) => void;
    }) => Promise<Value>,
  ): Promise<Value> {
    const { io } = this.#options;
    const progress = createProgress(io, { label: "Comparing", unit: "result" });
    const { total } = this.#a.counts;
    const onProgress = (count: number): void =>
      progress.update({ count, fraction: total === 0 ? undefined : count / total });
    try {
      return await work({ signal: io.signal, onProgress });
    } finally {
      progress.finish();
    }
  }
}
