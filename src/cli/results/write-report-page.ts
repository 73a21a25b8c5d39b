import type { ProfileName } from "../../index.js";
import type { ViewedFiles, WrittenReport } from "../../view.js";
import type { CommandIo } from "../frame/command.js";
import { toReadOptions } from "../frame/table-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { loadJoinTemplate } from "./load-join-template.js";
import type { ResultsFlags } from "./results-flags.js";
import type { ResultsInputs } from "./results-inputs.js";

export interface ReportInputs {
  readonly inputs: ResultsInputs;
  readonly flags: ResultsFlags;
  readonly io: CommandIo;
}

/** Writes results as a page. Their files are read again, in the way that the page needs. */
export async function writeReportPage(
  path: string,
  { inputs, flags, io }: ReportInputs,
): Promise<WrittenReport> {
  const { requests, results, from } = inputs;
  if ([requests, ...results].includes("-"))
    throw wrongUsage("A report cannot be written of standard input.", "Write it to a file first.");
  const { join, on, overwrite } = flags;
  const template = await loadJoinTemplate(flags);
  const given = {
    read: toReadOptions(flags),
    ...(on === undefined ? {} : { on }),
    ...(template && { template }),
  };
  const files: ViewedFiles = {
    results,
    ...(requests === undefined ? {} : { requests }),
    // What is no name of a service was refused when the results were opened.
    ...(from === undefined ? {} : { from: from as ProfileName }),
    ...(join === undefined ? {} : { join: { table: join, ...given } }),
  };
  const { writeReport } = await import("../../view.js");
  return writeReport(path, files, { overwrite: overwrite === true, signal: io.signal });
}
