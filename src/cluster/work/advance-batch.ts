import { type BatchError, isAtEnd } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { type BatchChange, type BatchRecord, toBatchEvent, toFailure } from "../../serve/index.js";
import { setUnits } from "../database/batch-ranges.js";
import { changeBatch, loadBatch, type StoredBatch } from "../database/batches-table.js";
import { type Session, tell } from "../database/database.js";
import type { Task } from "../database/task-queue.js";
import { listModels } from "../database/upstreams-table.js";
import { isInputLost } from "./lost-input.js";
import { publish, toCounts } from "./publish.js";
import { queueRanges } from "./queue-ranges.js";
import { type ReadInput, readInput } from "./read-input.js";
import type { WorkerParts } from "./worker-parts.js";
import { toModelKey } from "./worker-upstream.js";

/** A batch that is to go on. */
export interface BatchTask {
  readonly batch: string;
}

/** Workers that are started together are all there after that, in milliseconds. */
const settlingMs = 5_000;

/**
 * Takes a batch on from where it stands: reads its input, or, where all its ranges are done, shows its results. Nothing is changed
 * where somebody else did so meanwhile, or where it has to wait for its ranges.
 */
export async function advanceBatch(task: Task<BatchTask>, parts: WorkerParts): Promise<void> {
  const { database, queue, onEvent } = parts;
  const { batch: id } = task.data;
  const before = await loadBatch(database, id);
  const input = before?.record.object.status === "validating" ? await admit(before, parts) : undefined;
  if (input !== undefined && isEarly(input, parts)) return queue.giveBack(task);
  const seen: BatchRecord[] = [];
  await database.transaction(async (session) => {
    const batch = await loadBatch(session, id, { isLocked: true });
    if (batch !== undefined) seen.push(...(await advance(batch, input, { session, parts })));
    await queue.complete(task, session);
  });
  for (const { object } of seen) onEvent(toBatchEvent(object));
}

type Admission = ReadInput | { readonly errors: readonly BatchError[] };

interface Advance {
  readonly session: Session;
  readonly parts: WorkerParts;
}

/** Gives the states that the batch came into. */
async function advance(
  batch: StoredBatch,
  input: Admission | undefined,
  { session, parts }: Advance,
): Promise<readonly BatchRecord[]> {
  const { object } = batch.record;
  if (object.status === "validating") {
    return input === undefined ? [] : [await begin(batch, input, { session, parts })];
  }
  if (isAtEnd(object) || batch.rangesLeft > 0) return [];
  if (object.status !== "in_progress") return [await publish(batch, session)];
  const finalizing = await changeBatch(session, batch, {
    object: { status: "finalizing", ...toCounts(batch) },
  });
  return [finalizing, await publish({ ...batch, record: finalizing }, session)];
}

/** Whether a model is missing that a worker may have which is just being started, as this one is. */
function isEarly(input: Admission, { startedAt }: WorkerParts): boolean {
  if (performance.now() - startedAt > settlingMs) return false;
  const errors =
    "errors" in input ? input.errors : input.verdict.kind === "invalid" ? input.verdict.errors : [];
  return errors.some(({ code }) => code === "model_not_found");
}

async function admit({ input, record: { object } }: StoredBatch, parts: WorkerParts): Promise<Admission> {
  const id = object.input_file_id;
  if (input === null) return refuse(toNotFound(id));
  const [file] = await parts.database.query<{ purpose: string }>(
    "select purpose from openbatch.files where id = $1",
    [input],
  );
  if (file !== undefined && file.purpose !== "batch") {
    return refuse(
      `The file ${id} has the purpose '${file.purpose}'. The input file of a batch must be uploaded with the purpose 'batch'.`,
    );
  }
  const read = await readInput(input, object, { ...parts, models: await listModels(parts.database) });
  if (read !== undefined) return read;
  if (await isInputLost(input, parts)) return refuse(toNotFound(id));
  throw new OpenbatchError("storage_away", `The storage had no input ${input} for a moment.`);
}

function toNotFound(id: string): string {
  return `Cannot find file ${id.slice(0, 100)}, or organization org-openbatch does not have access to it.`;
}

function refuse(message: string): Admission {
  return { errors: [{ code: "invalid_request", message, line: null, param: "file_id" }] };
}

async function begin(
  batch: StoredBatch,
  input: Admission,
  { session, parts }: Advance,
): Promise<BatchRecord> {
  if ("errors" in input) return changeBatch(session, batch, toFailure(input.errors));
  const { verdict, offsets } = input;
  if (verdict.kind === "invalid") return changeBatch(session, batch, toFailure(verdict.errors));
  const { isRehearsal, upstreams } = parts;
  const { id } = batch.record;
  const modelKey = verdict.model === null ? null : toModelKey(verdict.model);
  const model = upstreams.choose(modelKey)?.model ?? verdict.model;
  const request_counts = { total: verdict.requests, completed: 0, failed: 0 };
  const change: BatchChange = {
    ...{ promptTokens: verdict.promptTokens, isRehearsal },
    object: { status: "in_progress", model, request_counts },
  };
  const record = await changeBatch(session, batch, change);
  await setUnits(session, id, { offsets, modelKey });
  const read = await loadBatch(session, id);
  const { queue } = parts;
  if (read !== undefined) await queueRanges(read, { session, queue, most: Number.POSITIVE_INFINITY });
  await tell(session, "work");
  return record;
}
