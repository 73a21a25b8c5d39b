import type { IncomingMessage } from "node:http";
import { isEndpoint } from "../../api/index.js";
import { type Finding, type ValidationReport, validateBatchFile } from "../../check/index.js";
import type { CheckedUpload, UploadFinding } from "../../view/index.js";
import { ApiError } from "../protocol/api-error.js";
import { assertBatchUpload } from "../protocol/assert-batch-upload.js";
import { soleCaller } from "../protocol/callers.js";
import { usualLifetimeSeconds } from "../protocol/read-lifetime.js";
import { receiveUpload, type Upload } from "../protocol/receive-upload.js";
import { beginBatch } from "../routes/begin-batch.js";
import { assertPlace, toUploadPlace, uploadIdleMs } from "../routes/file-routes.js";
import { createFileId } from "../store/object-id.js";
import type { PageStore } from "./page-store.js";

export interface PageUploadsOptions {
  readonly store: PageStore;
  readonly maxUploadBytes: number;
  readonly maxFiles: number;
}

/** So many files wait at once for somebody to decide on them, for so long. */
const maxHeld = 8;
const heldMs = 3_600_000;
/** More findings than that nobody reads in a page. */
const maxFindings = 200;

/** A batch file whose findings somebody looks at. */
interface HeldUpload {
  readonly upload: Upload;
  readonly endpoint: string | undefined;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Batch files that were sent by the page and checked. Of none is anything made, nor is it shown, before somebody says so. */
export class PageUploads {
  readonly #options: PageUploadsOptions;
  readonly #held = new Map<string, HeldUpload>();
  readonly #closing = new AbortController();

  constructor(options: PageUploadsOptions) {
    this.#options = options;
  }

  /** @throws ApiError where it is no upload of a batch file. */
  async take(incoming: IncomingMessage): Promise<CheckedUpload> {
    const { store, maxUploadBytes, maxFiles } = this.#options;
    const { files } = store;
    const id = createFileId();
    const place = toUploadPlace(files, id);
    assertPlace((await files.count()) + 1, { maxFiles });
    const upload = await receiveUpload(incoming, place, { maxBytes: maxUploadBytes, idleMs: uploadIdleMs });
    try {
      if (!upload.filename.endsWith(".jsonl")) throw noBatchFile();
      const report = await this.#check(id);
      const checked = toChecked(id, upload, report);
      await this.#hold(id, { upload, endpoint: checked.endpoint });
      return checked;
    } catch (error) {
      await place.discard();
      throw error;
    }
  }

  /**
   * Makes the file, and a batch of it. Gives the id of the batch.
   * @throws ApiError as the service does.
   */
  async create(id: string): Promise<string> {
    const { store, maxFiles } = this.#options;
    const { files, driver } = store;
    const { upload, endpoint } = this.#find(id);
    if (endpoint === undefined) throw new ApiError(400, "No request names an endpoint that there is.");
    assertPlace((await files.count()) + 1, { maxFiles });
    await assertBatchUpload(upload, files.contentOf(id));
    this.#forget(id);
    const { filename, bytes } = upload;
    const file = { id, purpose: "batch", filename, bytes, seconds: usualLifetimeSeconds };
    await files.add(file, soleCaller.name);
    const parameters = { endpoint, inputFileId: id, metadata: null, outputSeconds: usualLifetimeSeconds };
    return (await beginBatch(parameters, { driver, caller: soleCaller })).id;
  }

  /** @throws ApiError where it is not there. */
  async discard(id: string): Promise<void> {
    this.#find(id);
    this.#forget(id);
    await this.#options.store.files.discard(id);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const id of [...this.#held.keys()]) await this.discard(id);
  }

  /** It lies here under a name of the server: its own was looked at before. */
  async #check(id: string): Promise<ValidationReport> {
    const { signal } = this.#closing;
    const { path, close } = await this.#options.store.openUpload(id);
    try {
      return await validateBatchFile(path, { maxFindings, ignore: ["invalid_file_name"], signal });
    } finally {
      await close();
    }
  }

  async #hold(id: string, upload: Omit<HeldUpload, "timer">): Promise<void> {
    const timer = setTimeout(() => void this.discard(id).catch(() => undefined), heldMs).unref();
    this.#held.set(id, { ...upload, timer });
    const [oldest] = this.#held.keys();
    if (this.#held.size > maxHeld && oldest !== undefined) await this.discard(oldest);
  }

  #find(id: string): HeldUpload {
    const held = this.#held.get(id);
    if (held !== undefined) return held;
    throw new ApiError(404, "That file is not kept any more: choose it again.");
  }

  #forget(id: string): void {
    clearTimeout(this.#held.get(id)?.timer);
    this.#held.delete(id);
  }
}

function noBatchFile(): ApiError {
  return new ApiError(
    400,
    "That is no batch file by its name, which ends in .jsonl. Of a table, openbatch build makes one.",
  );
}

function toChecked(id: string, { filename, bytes }: Upload, report: ValidationReport): CheckedUpload {
  const { errors, warnings, notes, findings, omitted, stats } = report;
  return {
    ...{ id, name: filename, bytes, errors, warnings, notes, omitted },
    requests: stats.totalRequests,
    endpoint: Object.keys(stats.endpoints).find(isEndpoint),
    models: stats.models,
    findings: findings.map(toUploadFinding),
  };
}

function toUploadFinding({
  severity,
  code,
  line,
  lineCount,
  path,
  message,
  hint,
  ...rest
}: Finding): UploadFinding {
  return { severity, code, line, lineCount, custom_id: rest.custom_id, path, message, hint };
}
