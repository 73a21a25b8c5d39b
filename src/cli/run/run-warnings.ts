import { open } from "node:fs/promises";
import { quoteArgument } from "../../errors/index.js";
import type { RunSummary } from "../../execute.js";
import { openResults } from "../../index.js";
import { quoteName } from "../frame/quoting.js";
import type { RunFlags } from "./run-flags.js";

/** What is to be known before a run whose results file is named as something else. */
export function toNameWarnings(file: string, { output }: RunFlags): readonly string[] {
  if (output === undefined || !/\.(?:csv|tsv|parquet|json|xlsx?)$/i.test(output)) return [];
  const read = `openbatch results ${quoteArgument(file)} --results ${quoteArgument(output)} --to TABLE`;
  return [`${output} gets JSON Lines, whatever its name says; a table is made of them: ${read}`];
}

/** What is worth a word about the answers, in sentences. */
export async function findRunWarnings(summary: RunSummary, flags: RunFlags): Promise<readonly string[]> {
  if (!summary.isRehearsal) return (await holdsMadeUp(summary.output)) ? [madeUpByServer] : [];
  return findIdleFaults(summary, flags);
}

export const madeUpByServer =
  "These answers are made up: the server itself is in rehearsal, and no model was asked.";

const lookedAtBytes = 65_536;

/** Whether the first answers name their model as one of a rehearsal. Within an answer's text the quotes would be escaped. */
export async function holdsMadeUp(output: string): Promise<boolean> {
  const file = await open(output).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(lookedAtBytes), 0, lookedAtBytes, 0);
    return buffer.toString("latin1", 0, bytesRead).includes('"model":"rehearsal-');
  } finally {
    await file.close();
  }
}

/** Faults for a `custom_id` that no request has: most likely it is misspelt. */
async function findIdleFaults(
  { batchFile, output }: RunSummary,
  { fault = [] }: RunFlags,
): Promise<readonly string[]> {
  const named = fault.map((text) => ({ text, ids: toIds(text) })).filter(({ ids }) => ids.length > 0);
  if (named.length === 0) return [];
  await using results = await openResults({ requests: batchFile, results: output });
  return named
    .filter(({ ids }) => !ids.some((id) => results.has(id)))
    .map(({ text }) => `The fault ${quoteName(text)} hits nothing: no request has that custom_id.`);
}

/** The ids that a fault may mean, as KIND:CUSTOM_ID:N:xN, where an id may hold colons too; none for a share or a pattern. */
function toIds(fault: string): readonly string[] {
  const which = fault.replace(/^[^:]*:/, "");
  if (which.includes("*") || /^(?:[01]|\d*\.\d+)(?::|$)/.test(which)) return [];
  const withoutAttempts = which.replace(/:x\d+$/, "");
  return [which, withoutAttempts, withoutAttempts.replace(/:\d+(?:\.\d+)?$/, "")];
}
