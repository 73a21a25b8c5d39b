import { type BatchObject, type FileObject, isAtEnd } from "../../api/index.js";
import type { ServedBatch, ServedFile, ServiceState } from "../../view/index.js";
import { hasRows } from "./has-rows.js";
import type { KeptBatch, KeptFile, PageStore } from "./page-store.js";
import { retryMark } from "./retry-mark.js";

/** Batches and files as the page shows them. */
export class ServedBatches {
  readonly #store: PageStore;

  constructor(store: PageStore) {
    this.#store = store;
  }

  /** The newest, at most so many of each kind. */
  async read(most: number): Promise<ServiceState> {
    const [batches, files] = await Promise.all([this.#store.listBatches(most), this.#store.listFiles(most)]);
    return {
      isRehearsal: await this.#store.isRehearsal(),
      workers: await this.#store.machines?.count(),
      batches: await this.#showAll(batches.items, 0),
      batchCount: batches.count,
      files: files.items.map(toServedFile),
      fileCount: files.count,
    };
  }

  async find(id: string): Promise<ServedBatch | undefined> {
    const batch = await this.#store.findBatch(id);
    if (batch === undefined) return undefined;
    const [shown] = await this.#showAll([batch], maxErrors);
    if (shown === undefined || !hasFailures(batch.record.object)) return shown;
    return { ...shown, retriedBy: await this.#store.findRetry(batch) };
  }

  /** The output or error file of a batch, once it is shown. */
  async findResultFile(id: string, kind: "output" | "errors"): Promise<FileObject | undefined> {
    const object = (await this.#store.findBatch(id))?.record.object;
    const fileId = kind === "output" ? object?.output_file_id : object?.error_file_id;
    return typeof fileId === "string" ? (await this.#store.findFiles([fileId])).get(fileId) : undefined;
  }

  async #showAll(batches: readonly KeptBatch[], mostErrors: number): Promise<ServedBatch[]> {
    const ids = batches.flatMap(({ record: { object } }) => [
      ...[object.input_file_id, object.output_file_id, object.error_file_id],
    ]);
    const there = await this.#store.findFiles(ids.filter((id) => id !== null));
    return batches.map((batch) => toServed(batch, there, mostErrors));
  }
}

const maxErrors = 200;

function toServed(
  { record, owner, wait, hidden }: KeptBatch,
  files: ReadonlyMap<string, FileObject>,
  mostErrors: number,
): ServedBatch {
  const { object, isRehearsal } = record;
  const { id, request_counts, usage, metadata } = object;
  const input = files.get(object.input_file_id);
  const hasOutput = files.has(object.output_file_id ?? "");
  const hasErrors = files.has(object.error_file_id ?? "");
  const isEnded = isAtEnd(object);
  const isShown = hasRows(object) && (!isEnded || input !== undefined || hasOutput || hasErrors);
  return {
    ...{ id, name: input?.filename, state: object.status, isAtEnd: isEnded, isRehearsal },
    ...{ owner: owner.name, hasRows: isShown && hidden === undefined, hidden: isShown ? hidden : undefined },
    ...{ endpoint: object.endpoint, model: object.model },
    ...request_counts,
    tokens: { input: usage.input_tokens, output: usage.output_tokens },
    stamps: listStamps(object),
    expiresAt: toDate(object.expires_at),
    errors: object.errors?.data.slice(0, mostErrors) ?? [],
    ...{ hasOutput, hasErrors },
    wait: isEnded ? undefined : wait,
    canRetry: hasFailures(object) && input !== undefined && hidden === undefined,
    retryOf: metadata?.[retryMark],
    retriedBy: undefined,
  };
}

function hasFailures(object: BatchObject): boolean {
  const { status, request_counts } = object;
  return isAtEnd(object) && status !== "failed" && request_counts.completed < request_counts.total;
}

function toServedFile({ record: { object }, owner }: KeptFile): ServedFile {
  const { id, filename, purpose, bytes, created_at, expires_at } = object;
  return {
    ...{ id, owner, name: filename, purpose, bytes, createdAt: toDate(created_at) },
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
