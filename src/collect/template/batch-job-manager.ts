import { statSync } from "node:fs";
import { resolve } from "node:path";
import { assertOptions, describe, type Endpoint, isObject } from "../../api/index.js";
import { atCallOf, type Code, hintOf, OpenbatchError, promiseAtCallOf } from "../../errors/index.js";
import { toPath } from "../../files/index.js";
import { type RequestRef, toRequestRef } from "../collector/request-ref.js";
import { RequestWriter } from "../file/request-writer.js";
import {
  type BulkCounts,
  type BulkOptions,
  type Rows,
  type WriteOutcome,
  writeEachRow,
} from "../file/write-each-row.js";
import {
  assertRequest,
  embeddingRequests,
  isTemplate,
  type Prompt,
  type PromptedRequest,
  promptedRequests,
  type ToRequest,
  toInstanceError,
} from "./instance-requests.js";
import {
  type AddedRequest,
  type BatchJobManagerOptions,
  type EmbeddingInstancesOptions,
  instancesOptionRules,
  managerOptionRules,
  type TemplatedInstancesOptions,
} from "./manager-options.js";
import type { PromptTemplate } from "./prompt-template.js";
import { compileTemplatedBody } from "./templated-line.js";
import { createTemplatedWriter } from "./templated-writer.js";

interface Bulk extends BulkOptions {
  readonly inputInstances: Rows<unknown>;
  readonly saveFilePath: string | URL;
  readonly suppressWarnings?: boolean | undefined;
}

interface BulkWriter {
  readonly writer: RequestWriter;
  readonly onWarning: BatchJobManagerOptions["onWarning"];
}

interface TemplatedInstances {
  readonly prompt: PromptTemplate;
  readonly url: Endpoint;
  readonly toRequest: ToRequest;
}

type WriteInstance = (instance: unknown) => WriteOutcome;

/**
 * Writes requests that have much in common into batch files: one request object or prompt, and the instances of it.
 *
 * It keeps each file open until `close`; the requests are in the files without it.
 *
 * @example
 * ```ts
 * import { BatchJobManager, PromptTemplate, ResponsesRequest } from "openbatch";
 *
 * const manager = new BatchJobManager();
 * await manager.addTemplatedInstances({
 *   prompt: new PromptTemplate([{ role: "user", content: "Product: {product_name}, Features: {features}" }]),
 *   commonRequest: new ResponsesRequest({ model: "gpt-4o-mini", temperature: 0.8, max_output_tokens: 100 }),
 *   inputInstances: [
 *     { custom_id: "prod_001", promptValueMapping: { product_name: "AeroGlide Drone", features: "4K camera" } },
 *   ],
 *   saveFilePath: "my_batch_job.jsonl",
 * });
 * ```
 */
export class BatchJobManager {
  readonly #options: BatchJobManagerOptions;
  readonly #writers = new Map<string, RequestWriter>();

  constructor(options: BatchJobManagerOptions = {}) {
    assertOptions(options, managerOptionRules);
    this.#options = options;
  }

  /**
   * Writes one request; it is in the file on return.
   *
   * @throws RequestError with everything that is wrong with it; then nothing was written.
   */
  add(added: AddedRequest): RequestRef {
    try {
      if (!isObject(added)) throw notAdded(added);
      const { custom_id, request, saveFilePath } = added;
      assertRequest(request, { name: "request" });
      const path = resolve(toPath(saveFilePath));
      const writer = this.#writers.get(path) ?? this.#keep(RequestWriter.open(path, this.#options));
      const { url, body, format } = request;
      const named = { custom_id, url, body, format };
      writer.write(named);
      return toRequestRef(named);
    } catch (error) {
      throw atCallOf(this.add, error);
    }
  }

  /**
   * Writes a request for each instance: the common request, with the instance's own parameters over it, and then the
   * prompt. A `PromptTemplate` gives messages or input items, a `ReusablePrompt` gives `prompt`, and without a prompt
   * each instance has its messages.
   *
   * @throws OpenbatchError `row_failed` at the first instance that fails, unless `onError` is `"skip"`; the lines
   * before it are in the file, and the same call with `onDuplicate: "skip"` goes on.
   */
  addTemplatedInstances<
    const Template extends Prompt | undefined = undefined,
    Request extends PromptedRequest = PromptedRequest,
  >(options: TemplatedInstancesOptions<Template, Request>): Promise<BulkCounts> {
    return promiseAtCallOf(this.addTemplatedInstances, async () => {
      assertOptions(options, instancesOptionRules);
      const { commonRequest, prompt, ...bulk } = options;
      const toRequest = promptedRequests(commonRequest, prompt);
      return await this.#addAll(bulk, (to) => {
        if (prompt !== undefined && isTemplate(prompt)) {
          return this.#createWriter(to, { prompt, url: commonRequest.url, toRequest });
        }
        return (instance) => to.writer.write(toRequest(instance));
      });
    });
  }

  /**
   * Writes an embeddings request for each instance: the common request, with the instance's own parameters and its
   * input over it.
   *
   * @throws OpenbatchError `row_failed`, as {@link addTemplatedInstances} does.
   */
  addEmbeddingRequests(options: EmbeddingInstancesOptions): Promise<BulkCounts> {
    return promiseAtCallOf(this.addEmbeddingRequests, async () => {
      const { prompt: _, ...rules } = instancesOptionRules;
      assertOptions(options, rules);
      const { commonRequest, ...bulk } = options;
      const toRequest = embeddingRequests(commonRequest);
      return await this.#addAll(bulk, ({ writer }) => {
        return (instance) => writer.write(toRequest(instance));
      });
    });
  }

  /** Closes all files. A later call opens them again. */
  close(): void {
    const writers = [...this.#writers.values()];
    this.#writers.clear();
    for (const writer of writers) writer.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #addAll(
    { inputInstances, saveFilePath, suppressWarnings = false, ...bulkOptions }: Bulk,
    toWrite: (bulk: BulkWriter) => WriteInstance,
  ): Promise<BulkCounts> {
    assertIterable(inputInstances);
    const path = resolve(toPath(saveFilePath));
    const onWarning = suppressWarnings ? () => {} : this.#options.onWarning;
    const isResumed = this.#writers.has(path) || this.#options.onDuplicate === "skip";
    if (!isResumed && hasContent(path)) warn("existing_file", `${path} is there already.`, onWarning);
    await this.#open(path);
    // A writer of its own, so that what is added meanwhile one by one is still written through.
    const writer = RequestWriter.open(path, {
      ...this.#options,
      ...(onWarning && { onWarning }),
      buffered: true,
    });
    try {
      return await writeEachRow(inputInstances, namingInstances(toWrite({ writer, onWarning })), bulkOptions);
    } finally {
      writer.close();
    }
  }

  #createWriter(
    { writer, onWarning }: BulkWriter,
    { prompt, url, toRequest }: TemplatedInstances,
  ): WriteInstance {
    const onUnused = (message: string) => warn("unused_variable", message, onWarning);
    const compile = () =>
      compileTemplatedBody(prompt, {
        url,
        toBody: (values) => toRequest({ custom_id: "", promptValueMapping: values }).body,
        allowUnknownParameters: this.#options.allowUnknownParameters ?? false,
        target: this.#options.target ?? "upload",
        // By default a warning is said once, and has been said of the first instance.
        ignoreWarnings: onWarning === undefined,
      });
    return createTemplatedWriter(writer, { url, toRequest, compile, variables: prompt.variables, onUnused });
  }

  /** Opens a file without blocking, and keeps it open, so that its ids are read once. */
  async #open(path: string): Promise<void> {
    if (this.#writers.has(path)) return;
    const writer = await RequestWriter.openAsync(path, this.#options);
    if (this.#writers.has(path)) writer.close();
    else this.#keep(writer);
  }

  #keep(writer: RequestWriter): RequestWriter {
    this.#writers.set(writer.path, writer);
    return writer;
  }
}

function namingInstances(write: WriteInstance): WriteInstance {
  return (instance) => {
    try {
      return write(instance);
    } catch (error) {
      throw toInstanceError(error, instance);
    }
  };
}

function assertIterable(instances: unknown): void {
  const isIterable =
    isObject(instances) && (Symbol.iterator in instances || Symbol.asyncIterator in instances);
  if (isIterable || Array.isArray(instances)) return;
  throw new OpenbatchError("invalid_option", `inputInstances is ${describe(instances)}.`, {
    hint: "Give it an array, or any other iterable or async iterable.",
  });
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function warn(code: Code, message: string, onWarning: BatchJobManagerOptions["onWarning"]): void {
  const hint = hintOf(code);
  if (onWarning)
    return onWarning({ severity: "warning", code, path: "", message, hint, custom_id: undefined });
  process.emitWarning(`${message} ${hint}`, { type: "OpenbatchWarning", code });
}

function notAdded(found: unknown): OpenbatchError {
  return new OpenbatchError(
    "invalid_option",
    `Expected an object with what is to be added, found ${describe(found)}.`,
    {
      hint: "Give one object with custom_id, request and saveFilePath.",
    },
  );
}
