import { type BatchObject, type FileObject, isAtEnd } from "../../api/index.js";
import type { LiveFile, LiveFiles, ServedBatch, ServedFile, ServiceState } from "../../view/index.js";
import type { BatchRunner } from "../life/batch-runner.js";
import type { BatchRecord } from "../store/batch-record.js";
import type { DiskBatchStore } from "../store/disk-batch-store.js";
import type { DiskFileStore } from "../store/disk-file-store.js";
import type { FileRecord } from "../store/file-record.js";
import type { StoredRecord } from "../store/record-folder.js";
import { toSlice } from "../store/slice.js";
import type { BatchWaits } from "./batch-waits.js";

export interface ServedBatchesOptions {
  readonly batches: DiskBatchStore;
  readonly files: DiskFileStore;
  readonly runner: BatchRunner;
  readonly isRehearsal: boolean;
  readonly waits: BatchWaits;
}

/** What the page is told of a batch that sends again what failed in another. */
export const retryMark = "openbatch_retry_of";

/** Batches and files as the page shows them. */
export class ServedBatches {
  readonly #options: ServedBatchesOptions;

  constructor(options: ServedBatchesOptions) {
    this.#options = options;
  }

  /** The newest, at most so many of each kind. */
  async read(most: number): Promise<ServiceState> {
    const { batches, files, isRehearsal } = this.#options;
    const [allBatches, allFiles] = [batches.listAll(), files.listAll()];
    return {
      isRehearsal,
      batches: await Promise.all(newest(allBatches, most).map((record) => this.#show(record, 0))),
      batchCount: allBatches.length,
      files: newest(allFiles, most).map(toServedFile),
      fileCount: allFiles.length,
    };
  }

  async find(id: string): Promise<ServedBatch | undefined> {
    const { batches } = this.#options;
    const record = batches.find(id);
    if (record === undefined) return undefined;
    const retry = batches.listAll().find(({ object }) => object.metadata?.[retryMark] === id);
    return { ...(await this.#show(record, maxErrors)), retriedBy: retry?.id };
  }

  /** The output or error file of a batch, once it is shown. */
  async findResultFile(id: string, kind: "output" | "errors"): Promise<FileObject | undefined> {
    const { batches, files } = this.#options;
    const object = batches.find(id)?.object;
    const fileId = kind === "output" ? object?.output_file_id : object?.error_file_id;
    return typeof fileId === "string" ? files.get(fileId) : undefined;
  }

  /** Another whenever a batch or a file is not what it was. */
  async stamp(): Promise<string> {
    const { batches, files, waits } = this.#options;
    const newestFile = newest(files.listAll(), 1)[0];
    const underWay = batches.listUnfinished().map((record) => {
      const { id, status, request_counts } = this.#options.runner.showNow(record);
      const wait = waits.of(id)?.until;
      return [id, status, request_counts.completed, request_counts.failed, wait];
    });
    return JSON.stringify([newestFile?.id, await files.count(), batches.listAll().length, underWay]);
  }

  /** Where the files of a batch lie now; `undefined` where there is nothing to be shown of it. */
  async findFiles(id: string): Promise<LiveFiles | undefined> {
    const { batches, files } = this.#options;
    const record = batches.find(id);
    if (record === undefined || !hasRows(record.object)) return undefined;
    const { object, outputFileId, errorFileId, isRehearsal } = record;
    const isEnded = isAtEnd(object);
    const input = await files.get(object.input_file_id);
    const name = input?.filename ?? id;
    const requests = isEnded ? input && files.pathOf(input.id) : batches.inputPathOf(id);
    const results: LiveFile[] = [];
    for (const [fileId, kind] of [[outputFileId, "output"] as const, [errorFileId, "errors"] as const])
      if (!isEnded || (await files.get(fileId)) !== undefined)
        results.push({ path: files.pathOf(fileId), name: kind });
    if (requests === undefined && results.length === 0) return undefined;
    return {
      ...{ name, isRehearsal, results, mayStillCome: !isEnded },
      requests: requests === undefined ? undefined : { path: requests, name },
    };
  }

  async #show(record: BatchRecord, mostErrors: number): Promise<ServedBatch> {
    const { files, runner, waits } = this.#options;
    const object = runner.showNow(record);
    const { id, request_counts, usage, metadata } = object;
    const input = await files.get(object.input_file_id);
    const isThere = async (fileId: string | null): Promise<boolean> =>
      fileId !== null && (await files.get(fileId)) !== undefined;
    const [hasOutput, hasErrors] = [
      await isThere(object.output_file_id),
      await isThere(object.error_file_id),
    ];
    const isEnded = isAtEnd(object);
    const isShown = hasRows(object) && (!isEnded || input !== undefined || hasOutput || hasErrors);
    const { completed, total } = request_counts;
    return {
      ...{ id, name: input?.filename, state: object.status, isAtEnd: isEnded, hasRows: isShown },
      ...{ isRehearsal: record.isRehearsal, endpoint: object.endpoint, model: object.model },
      ...request_counts,
      tokens: { input: usage.input_tokens, output: usage.output_tokens },
      stamps: listStamps(object),
      expiresAt: toDate(object.expires_at),
      errors: object.errors?.data.slice(0, mostErrors) ?? [],
      ...{ hasOutput, hasErrors },
      wait: isEnded ? undefined : waits.of(id),
      canRetry: isEnded && object.status !== "failed" && input !== undefined && completed < total,
      retryOf: metadata?.[retryMark],
      retriedBy: undefined,
    };
  }
}

const maxErrors = 200;

/** Before its input is known to be one, and where it is none, there are no requests to be shown. */
function hasRows({ status }: BatchObject): boolean {
  return status !== "validating" && status !== "failed";
}

function newest<Kept extends StoredRecord>(records: readonly Kept[], most: number): readonly Kept[] {
  return toSlice(records, { order: "desc", after: undefined, limit: most });
}

function toServedFile({ object }: FileRecord): ServedFile {
  const { id, filename, purpose, bytes, created_at, expires_at } = object;
  return {
    ...{ id, name: filename, purpose, bytes, createdAt: toDate(created_at) },
    expiresAt: typeof expires_at === "number" ? toDate(expires_at) : undefined,
  };
}

function listStamps(object: BatchObject): ServedBatch["stamps"] {
  const times = [
    ["created", object.created_at],
    ["in_progress", object.in_progress_at],
    ["finalizing", object.finalizing_at],
    ["cancelling", object.cancelling_at],
    ["completed", object.completed_at],
    ["failed", object.failed_at],
    ["expired", object.expired_at],
    ["cancelled", object.cancelled_at],
  ] as const;
  return times
    .flatMap(([state, seconds]) => (typeof seconds === "number" ? [{ state, at: toDate(seconds) }] : []))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

function toDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
