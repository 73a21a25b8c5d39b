import { setImmediate } from "node:timers/promises";
import { LineWalker } from "../../batch-file/index.js";
import { toFileError } from "../../errors/index.js";
import { openFile, toPath } from "../../files/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { isRunStart } from "./read-run-record.js";
import type { RecordedRun } from "./run-record.js";

/** How one run came to the result of one request. */
export interface RecordedRequest extends Pick<RecordedRun, "startedAt" | "target" | "model" | "isRehearsal"> {
  /** How often it was sent. */
  readonly attempts: number;
  /** From the first attempt to the end, in milliseconds. */
  readonly ms: number;
}

/**
 * Reads what the record of the runs, as `requests.results.run.jsonl`, tells of one request: an entry for each run that settled it, in
 * their order. There is none where a run was killed before it wrote that down.
 *
 * @throws OpenbatchError `file_not_found` and the like.
 *
 * @example
 * ```ts
 * import { readRecordedRequest } from "openbatch/execute";
 *
 * for (const { startedAt, attempts, ms } of await readRecordedRequest("requests.results.run.jsonl", "request-1"))
 *   console.log(`${startedAt}: ${attempts} attempts, ${ms} ms`);
 * ```
 */
export async function readRecordedRequest(
  path: string | URL,
  custom_id: string,
): Promise<readonly RecordedRequest[]> {
  const name = toPath(path);
  try {
    const file = await openFile(name);
    try {
      return await findRequest(new LineWalker(file), custom_id);
    } finally {
      file.close();
    }
  } catch (cause) {
    throw toFileError(cause, "read", name);
  }
}

const linesBetweenPauses = 5_000;
const startSign = Buffer.from('{"run":"started"');

async function findRequest(lines: LineWalker, custom_id: string): Promise<readonly RecordedRequest[]> {
  const sign = Buffer.from(`{"custom_id":${JSON.stringify(custom_id)},`);
  const found: RecordedRequest[] = [];
  let run: Pick<RecordedRequest, "startedAt" | "target" | "model" | "isRehearsal"> | undefined;
  while (lines.step() && lines.isTerminated) {
    if (lines.number % linesBetweenPauses === 0) await setImmediate();
    const { bytes } = lines;
    if (startsWith(bytes, startSign)) {
      const line = tryParseJson(bytes);
      if (isRunStart(line)) {
        const { started_at: startedAt, target, model, rehearsal: isRehearsal } = line;
        run = { startedAt, target, model: model ?? undefined, isRehearsal };
      }
    } else if (run !== undefined && startsWith(bytes, sign)) {
      const { attempts, ms } = toNumbers(tryParseJson(bytes));
      if (attempts !== undefined && ms !== undefined) found.push({ ...run, attempts, ms });
    }
  }
  return found;
}

function startsWith(bytes: Buffer, sign: Buffer): boolean {
  return bytes.length > sign.length && bytes.compare(sign, 0, sign.length, 0, sign.length) === 0;
}

function toNumbers(line: unknown): { readonly attempts?: number; readonly ms?: number } {
  if (typeof line !== "object" || line === null || !("attempts" in line && "ms" in line)) return {};
  const { attempts, ms } = line;
  return typeof attempts === "number" && typeof ms === "number" ? { attempts, ms } : {};
}
