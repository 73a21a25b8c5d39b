import { isAtEnd } from "../../api/index.js";
import { hasRows } from "../../serve/index.js";
import { findBatchOfAll } from "../database/all-batches.js";
import { findFilesOfAll } from "../database/all-files.js";
import type { Session } from "../database/database.js";
import type { SegmentPart } from "../database/files-table.js";

/** What there is to be shown of a batch now. */
export interface FoundBatch {
  /** What people call it. */
  readonly name: string;
  readonly isRehearsal: boolean;
  readonly isEnded: boolean;
  readonly total: number;
  /** The file with its requests, as long as it is not deleted, or the batch needs it. */
  readonly input: string | undefined;
  /** Those of its results that are not deleted. */
  readonly parts: readonly SegmentPart[];
}

/** `undefined` where there is nothing. */
export async function findShown(session: Session, id: string): Promise<FoundBatch | undefined> {
  const batch = await findBatchOfAll(session, id);
  if (batch === undefined || !hasRows(batch.record.object)) return undefined;
  const { object, outputFileId, errorFileId, isRehearsal } = batch.record;
  const files = await findFilesOfAll(session, [object.input_file_id, outputFileId, errorFileId]);
  const uploaded = files.get(object.input_file_id);
  const isEnded = isAtEnd(object);
  const input = isEnded ? uploaded?.id : (batch.input ?? undefined);
  const all = [["output", outputFileId] as const, ["errors", errorFileId] as const];
  const parts = all.filter(([, file]) => !isEnded || files.has(file)).map(([part]) => part);
  if (input === undefined && parts.length === 0) return undefined;
  const { total } = object.request_counts;
  return { name: uploaded?.filename ?? id, isRehearsal, isEnded, total, input, parts };
}
