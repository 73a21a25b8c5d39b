import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OpenbatchError } from "../../errors/index.js";
import { toWritableFormat } from "../../index.js";
import { assertNotRead, wrongUsage } from "../frame/wrong-usage.js";
import type { ResultsFlags } from "./results-flags.js";
import type { ResultsInputs } from "./results-inputs.js";

/** Refuses what could not be written in the end, before the long work of reading. */
export function assertOutputs({ requests, results }: ResultsInputs, flags: ResultsFlags): void {
  const { to, toFormat, join, retryFile, images, overwrite } = flags;
  if (to !== undefined && toFormat === undefined && !isReport(to)) toWritableFormat(to);
  if (retryFile !== undefined && requests === undefined) {
    throw wrongUsage(
      "--retry-file needs the batch file: it holds what is to be sent again.",
      "Name both: openbatch results REQUESTS --results FILE --retry-file AGAIN.",
    );
  }
  const sources = [requests, ...results, join].filter((path) => path !== undefined);
  for (const output of [to, retryFile]) {
    if (output === undefined || output === "-") continue;
    assertOutput(output, { sources, overwrite: overwrite === true });
  }
  if (images !== undefined && existsSync(images) && !statSync(images).isDirectory()) {
    throw new OpenbatchError("not_a_folder", `${images} is a file, not a folder.`, {
      hint: "Name a folder for the images (--images).",
    });
  }
  if (to === undefined || retryFile === undefined || resolve(to) !== resolve(retryFile)) return;
  throw wrongUsage(`${to} is named twice to be written.`, "Give --to and --retry-file paths of their own.");
}

interface AssertOutputOptions {
  /** What is read. */
  readonly sources: readonly string[];
  readonly overwrite: boolean;
}

function assertOutput(output: string, { sources, overwrite }: AssertOutputOptions): void {
  if (!existsSync(dirname(output))) {
    throw new OpenbatchError("file_not_found", `There is no folder ${dirname(output)} to write into.`, {
      hint: "Make the folder first, or choose another path.",
    });
  }
  if (!existsSync(output)) return;
  if (statSync(output).isDirectory()) {
    throw new OpenbatchError("not_a_file", `${output} is a folder.`, { hint: "Name a file to write." });
  }
  assertNotRead(output, sources);
  if (overwrite) return;
  throw new OpenbatchError("file_exists", `${output} is there already; it is as it was.`, {
    hint: "Choose another path, or replace it: --overwrite.",
  });
}

/** Whether a page is to be written, not a table. */
export function isReport(to: string): boolean {
  return /\.html?$/i.test(to);
}
