import { closeSync } from "node:fs";
import { toFileError } from "../../errors/index.js";
import { openBytes, openSource, toPath } from "../../files/index.js";
import { LineCheck } from "../lines/line-check.js";
import { LineReader } from "../lines/line-reader.js";
import { FileSummary } from "../report/file-summary.js";
import type { ValidationReport } from "../report/validation-report.js";
import {
  type CheckSettings,
  readSettings,
  toLineOptions,
  type ValidateBatchFileOptions,
} from "./check-settings.js";
import { createReport } from "./create-report.js";
import { IdArena } from "./id-arena.js";
import { IdRegistry } from "./id-registry.js";
import { type CheckTuning, defaultTuning, type PlainFile, PlainFileCheck } from "./plain-file-check.js";

/** How many different urls, models and formats are told apart. */
const maxNames = 1_000;

/** `validateBatchFile`, with the choice of how the work is done. */
export async function checkBatchFile(
  path: string | URL,
  options: ValidateBatchFileOptions,
  tuning: CheckTuning = defaultTuning,
): Promise<ValidationReport> {
  const settings = readSettings(options);
  settings.signal?.throwIfAborted();
  const name = toPath(path);
  const summary = new FileSummary({ causes: settings.maxFindings, names: maxNames });
  const input = await openSource(name);
  const ids =
    input.kind === "plain"
      ? await checkPlainFile(input, summary, { name, settings, tuning })
      : await checkStream(name, summary, settings);
  return createReport(summary, ids, { name, kind: input.kind, settings });
}

async function checkPlainFile(
  file: PlainFile,
  summary: FileSummary,
  { name, settings, tuning }: { name: string; settings: CheckSettings; tuning: CheckTuning },
): Promise<IdRegistry> {
  const check = new PlainFileCheck(file, summary, { settings, tuning });
  try {
    await check.run();
    return check.ids;
  } catch (cause) {
    throw toFileError(cause, "read", name);
  } finally {
    closeSync(file.fd);
  }
}

async function checkStream(name: string, summary: FileSummary, settings: CheckSettings): Promise<IdRegistry> {
  const { signal, onProgress } = settings;
  const arena = new IdArena();
  const ids = new IdRegistry(({ offset }) => arena.read(offset));
  const sink = { add: (id: string, line: number): void => ids.add(id, line, () => arena.add(id)) };
  const lines = new LineReader(new LineCheck(summary, sink, toLineOptions(settings)));
  for await (const chunk of openBytes(name, signal === undefined ? {} : { signal })) {
    lines.push(chunk);
    const { requests, bytes } = summary.totals;
    onProgress({ requests, bytes, totalBytes: undefined });
  }
  lines.end();
  return ids;
}
