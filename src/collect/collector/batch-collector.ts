import { inspect } from "node:util";
import { isEndpoint, isObject, type RequestTarget, validateRequest } from "../../api/index.js";
import { atCallOf, promiseAtCallOf, RequestError } from "../../errors/index.js";
import type { CollectorOptions } from "../file/collector-options.js";
import { RequestWriter, type UncheckedRequest } from "../file/request-writer.js";
import type { BulkCounts, BulkOptions, Rows } from "../file/write-each-row.js";
import { ChatCompletionsCollector } from "./chat-completions-collector.js";
import type { Exactly, ReadyMadeRequest } from "./collector-parameters.js";
import { assertCallback, assertParameters } from "./collector-resource.js";
import { CompletionsCollector } from "./completions-collector.js";
import { EmbeddingsCollector } from "./embeddings-collector.js";
import { ImagesCollector } from "./images-collector.js";
import { ModerationsCollector } from "./moderations-collector.js";
import { type RequestRef, toRequestRef } from "./request-ref.js";
import { ResponsesCollector } from "./responses-collector.js";

/**
 * Collects requests into a batch file. Its shape is the official client's: what `client.chat.completions.create` would send
 * now, `collector.chat.completions.create` writes as one line, checked before.
 *
 * The file is created with its folders if it is absent, and appended to if it is there. A line is in the file when the call
 * returns. Ids are unique among the lines that were there at opening and those that this process has written since, through
 * however many collectors; another process that writes to the same file at the same time is not seen.
 *
 * @example
 * ```ts
 * import { BatchCollector } from "openbatch";
 *
 * const collector = new BatchCollector("my_batch_job.jsonl");
 * collector.chat.completions.create({
 *   custom_id: "chat-req-1",
 *   model: "gpt-4o-mini",
 *   messages: [{ role: "user", content: "What is the capital of the Netherlands?" }],
 *   temperature: 0.7,
 * });
 * collector.close();
 * ```
 */
export class BatchCollector {
  readonly chat: { readonly completions: ChatCompletionsCollector };
  readonly responses: ResponsesCollector;
  readonly embeddings: EmbeddingsCollector;
  readonly completions: CompletionsCollector;
  readonly moderations: ModerationsCollector;
  readonly images: ImagesCollector;
  readonly #writer: RequestWriter;

  /**
   * Opens the file at once. A large file that is there is read for its ids meanwhile; `open` does so without blocking.
   *
   * @throws OpenbatchError for a path that cannot be written (`not_a_file`, `no_permission`, …), for `mode: "create"` on a
   * file that is there (`file_exists`), and for a file that ends in half a line (`torn_last_line`).
   */
  constructor(path: string | URL, options?: CollectorOptions);
  /** @internal */
  constructor(writer: RequestWriter);
  constructor(target: string | URL | RequestWriter, options?: CollectorOptions) {
    const writer = target instanceof RequestWriter ? target : RequestWriter.open(target, options);
    this.#writer = writer;
    this.chat = { completions: new ChatCompletionsCollector(writer) };
    this.responses = new ResponsesCollector(writer);
    this.embeddings = new EmbeddingsCollector(writer);
    this.completions = new CompletionsCollector(writer);
    this.moderations = new ModerationsCollector(writer);
    this.images = new ImagesCollector(writer);
  }

  /** The same as the constructor, without blocking while a large file is read. */
  static async open(path: string | URL, options: CollectorOptions = {}): Promise<BatchCollector> {
    return new BatchCollector(await RequestWriter.openAsync(path, options));
  }

  /** Where the batch file is. */
  get path(): string {
    return this.#writer.path;
  }

  /** Requests in the file: those that were there at opening and those written since. */
  get count(): number {
    return this.#writer.count;
  }

  /** Whether a request with this id is in the file. */
  has(custom_id: string): boolean {
    return this.#writer.has(custom_id);
  }

  /**
   * Writes a request ready made, for any endpoint, checked as any other.
   *
   * @throws RequestError with everything that is wrong with the request; then nothing was written.
   */
  add(request: ReadyMadeRequest): RequestRef {
    try {
      this.#writer.write(toUnchecked(request, this.#writer.target));
      return toRequestRef(request);
    } catch (error) {
      throw atCallOf(this.add, error);
    }
  }

  /** Writes a request ready made for each row, as `createMany` of the resources does. */
  addMany<Row, Actual extends ReadyMadeRequest>(
    rows: Rows<Row>,
    toRequest: (row: Row, index: number) => Exactly<ReadyMadeRequest, Actual>,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    const toLine = (row: Row, index: number) => toUnchecked(toRequest(row, index), this.#writer.target);
    return promiseAtCallOf(this.addMany, async () => {
      assertCallback(toRequest);
      return await this.#writer.writeMany(rows, toLine, options);
    });
  }

  /** Hands the lines that `buffered` holds back to the operating system. */
  flush(): void {
    this.#writer.flush();
  }

  /** Writes what is held back and closes the file. May be called twice. */
  close(): void {
    this.#writer.close();
  }

  /** What `console.log` shows of it. */
  [inspect.custom](): string {
    return `BatchCollector { path: ${JSON.stringify(this.path)}, count: ${this.count} }`;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function toUnchecked(request: ReadyMadeRequest, target: RequestTarget): UncheckedRequest {
  assertParameters(request);
  const { custom_id, url, body, method = "POST" } = request;
  const isPlain = method === "POST" && isEndpoint(url) && isObject(body) && hasNoOtherKey(request);
  if (!isPlain) assertShape(request, target);
  return { custom_id, url, body };
}

const lineKeys: ReadonlySet<string> = new Set(["custom_id", "method", "url", "body"]);

function hasNoOtherKey(request: object): boolean {
  for (const key in request) if (!lineKeys.has(key) && Object.hasOwn(request, key)) return false;
  return true;
}

/** What is no plain request may still go to a path that only its own server has. */
function assertShape(request: ReadyMadeRequest, target: RequestTarget): void {
  const problems = validateRequest({ method: "POST", ...request }, { target });
  const refused = problems.filter(
    ({ severity, code }) => severity === "error" || code === "unknown_line_key",
  );
  if (refused.length > 0) throw new RequestError(request, refused);
}
