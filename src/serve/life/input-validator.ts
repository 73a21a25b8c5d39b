import { isUtf8 } from "node:buffer";
import {
  type BatchError,
  countEmbeddingInputs,
  isObject,
  maxBytesPerBatch,
  maxEmbeddingInputsPerBatch,
  maxRequestsPerBatch,
} from "../../api/index.js";
import { isBlankText, parseLine, type RequestOutline, toLineText } from "../../batch-file/index.js";
import { messagesURL } from "../../rehearse/index.js";

/** What is known of an input once it was read. */
export interface InputSummary {
  readonly requests: number;
  readonly model: string | null;
  /** Of its prompts, estimated from their bytes. */
  readonly promptTokens: number;
}

export type InputVerdict = ({ readonly kind: "valid" } & InputSummary) | InvalidInput;

export interface InvalidInput {
  readonly kind: "invalid";
  readonly errors: readonly BatchError[];
}

export interface InputValidatorOptions {
  readonly endpoint: string;
  readonly models: ReadonlySet<string> | undefined;
  /** The most bytes and requests of an input. By default the service's. */
  readonly maxBytes?: number;
  readonly maxRequests?: number;
}

type Members = Readonly<Record<string, unknown>>;

/** Every bad line is found, and so many are listed. */
const maxListedErrors = 1000;

const bytesPerToken = 4;

const parameterTypes = [
  ["custom_id", "a string"],
  ["method", "a string"],
  ["url", "a string"],
  ["body", "an object"],
] as const;

/** Endpoints that answer without being told a model. */
const withUsualModel: ReadonlySet<string> = new Set([
  "/v1/moderations",
  "/v1/images/generations",
  "/v1/images/edits",
  "/v1/videos",
]);

const endpointNames: ReadonlyMap<string, string> = new Map([
  ["/v1/chat/completions", "Chat Completions"],
  ["/v1/responses", "Responses"],
  ["/v1/completions", "Completions"],
]);

/**
 * Takes the lines of a batch's input one by one: with `pushLine` from a file that is read for all that is wrong with it, with
 * `pushRequest` as a `BatchFile` has read them. Codes, texts and parameters are the service's, as recorded in August 2025; those
 * of the limits are our own where nobody has seen the service's.
 */
export class InputValidator {
  readonly #endpoint: string;
  readonly #models: ReadonlySet<string> | undefined;
  readonly #maxBytes: number;
  readonly #mostRequests: number;
  readonly #ids = new Set<string>();
  readonly #errors: BatchError[] = [];
  #requests = 0;
  #embeddingInputs = 0;
  #promptBytes = 0;
  #model: string | undefined;
  /** Whether the file has more bytes than a batch may: then the first request is looked at for its model alone. */
  isTooLarge = false;

  constructor({ endpoint, models, maxBytes, maxRequests }: InputValidatorOptions) {
    this.#maxBytes = maxBytes ?? maxBytesPerBatch;
    this.#mostRequests = maxRequests ?? maxRequestsPerBatch;
    this.#endpoint = endpoint;
    this.#models = models;
  }

  /** What Anthropic takes was looked at when the batch was made. */
  get #maxRequests(): number {
    return this.#endpoint === messagesURL ? Infinity : this.#mostRequests;
  }

  /** Whether what comes makes no difference any more. */
  get isDecided(): boolean {
    return this.#requests > this.#maxRequests || (this.isTooLarge && this.#requests > 0);
  }

  /** Takes a line as it stands in the file. A blank one is none. */
  pushLine(bytes: Buffer, line: number): void {
    const text = toLineText(bytes);
    if (this.isDecided || isBlankText(text)) return;
    this.#requests += 1;
    const { value: request, repeatedKey } = parseLine(text);
    if (!isObject(request) || repeatedKey !== undefined || !isText(text, bytes)) {
      return this.#report("invalid_json_line", "This line is not parseable as valid JSON.", {
        line,
        param: null,
      });
    }
    this.#promptBytes += bytes.length;
    const hasAll = this.#inspectParameters(request, line);
    this.#inspectId(request.custom_id, line);
    if (hasAll) this.#inspectRequest(request, line);
  }

  /** Takes a line that was read, and has an id of its own. */
  pushRequest(request: RequestOutline, line: number, bytes: number): void {
    if (this.isDecided) return;
    this.#requests += 1;
    this.#promptBytes += bytes;
    const { method, url, body } = request;
    if (typeof method === "string") this.#inspectRequest({ method, url, body }, line);
    else this.#inspectParameters({ ...request }, line);
  }

  end(): InputVerdict {
    const error = this.#findFileError();
    if (error !== undefined) return { kind: "invalid", errors: [error] };
    if (this.#errors.length > 0) return { kind: "invalid", errors: this.#errors };
    return {
      kind: "valid",
      requests: this.#requests,
      model: this.#model ?? null,
      promptTokens: Math.ceil(this.#promptBytes / bytesPerToken),
    };
  }

  #findFileError(): BatchError | undefined {
    if (this.isTooLarge) {
      const model = this.#model === undefined ? "" : ` for the ${this.#model} model`;
      return toFileError(
        "file_too_large",
        `The batch input file is larger than the ${this.#maxBytes} maximum${model}. Please try again with a smaller batch.`,
      );
    }
    if (this.#requests > this.#maxRequests) {
      return toFileError(
        "too_many_requests",
        `The batch input file has more than the ${this.#mostRequests} requests that a batch may have. Please try again with a smaller batch.`,
      );
    }
    if (this.#requests === 0) {
      return toFileError(
        "empty_file",
        "The input file is empty. Please ensure that the batch contains at least one request.",
      );
    }
    if (this.#embeddingInputs <= maxEmbeddingInputsPerBatch) return undefined;
    return toFileError(
      "too_many_embedding_inputs",
      `The batch input file has ${this.#embeddingInputs} embedding inputs, more than the ${maxEmbeddingInputsPerBatch} that a batch may have. Please try again with a smaller batch.`,
    );
  }

  /** Whether all four are there, with the types that they must have. */
  #inspectParameters(request: Members, line: number): boolean {
    const before = this.#errors.length;
    for (const [param, expected] of parameterTypes) {
      const value = request[param];
      if (value === undefined) {
        this.#report("missing_required_parameter", `Missing required parameter: '${param}'.`, {
          line,
          param,
        });
      } else if (expected === "a string" ? typeof value !== "string" : !isObject(value)) {
        this.#report("invalid_type", `Invalid type for '${param}': expected ${expected}.`, { line, param });
      }
    }
    return this.#errors.length === before;
  }

  #inspectId(id: unknown, line: number): void {
    if (typeof id !== "string") return;
    const at = { line, param: "custom_id" };
    if (id === "") return this.#report("invalid_value", "Invalid 'custom_id': empty string.", at);
    if (!this.#ids.has(id)) return void this.#ids.add(id);
    this.#report(
      "duplicate_custom_id",
      `The custom_id '${id.slice(0, 500)}' for this request is a duplicate of another request. The custom_id parameter must be unique for each request in a batch.`,
      at,
    );
  }

  #inspectRequest({ method, url, body }: Members, line: number): void {
    if (method !== "POST") {
      this.#report("invalid_method", "The method of this request must be 'POST'.", { line, param: "method" });
    }
    if (url !== this.#endpoint) {
      const message = "The URL provided for this request does not match the batch endpoint.";
      this.#report("invalid_url", message, { line, param: "url" });
    }
    if (isObject(body)) this.#inspectBody(body, line);
  }

  #inspectBody(body: Members, line: number): void {
    if (body.stream === true) {
      const name = endpointNames.get(this.#endpoint) ?? this.#endpoint;
      const message = `${name}: Streaming is not supported in the Batch API.`;
      this.#report("streaming_unsupported", message, { line, param: "body.stream" });
    }
    // Of Anthropic's requests each may have another model, and fails alone where it is wrong.
    if (this.#endpoint !== messagesURL) this.#inspectModel(body, line);
    if (this.#endpoint === "/v1/chat/completions" && body.messages === undefined) {
      this.#report("invalid_request", "Messages parameter is required.", { line, param: "body.messages" });
    }
    if (this.#endpoint === "/v1/embeddings") this.#embeddingInputs += countEmbeddingInputs(body);
  }

  #inspectModel({ model, prompt }: Members, line: number): void {
    const at = { line, param: "body.model" };
    if (model === undefined || model === null) {
      const isOptional =
        withUsualModel.has(this.#endpoint) || (this.#endpoint === "/v1/responses" && isObject(prompt));
      if (!isOptional) this.#report("invalid_request", "Model parameter is required.", at);
      return;
    }
    if (typeof model !== "string") {
      return this.#report("invalid_type", "Invalid type for 'body.model': expected a string.", at);
    }
    this.#model ??= model;
    if (this.#models?.has(model) === false) {
      this.#add({ ...modelNotFound(model), line });
    } else if (model !== this.#model) {
      const message = `The model '${model.slice(0, 100)}' for this request does not match the rest of the batch. Each batch must contain requests for a single model.`;
      this.#report("mismatched_model", message, at);
    }
  }

  #report(code: string, message: string, at: Pick<BatchError, "line" | "param">): void {
    this.#add({ code, message, ...at });
  }

  #add(error: BatchError): void {
    if (this.#errors.length < maxListedErrors) this.#errors.push(error);
  }
}

/** What is wrong where there is no such model. */
export function modelNotFound(model: string): BatchError {
  const message = `The provided model '${model.slice(0, 100)}' is not supported by the Batch API.`;
  return { code: "model_not_found", message, line: null, param: "body.model" };
}

/** Whether it came of bytes that are UTF-8. */
function isText(text: string, bytes: Buffer): boolean {
  return !text.includes("\ufffd") || isUtf8(bytes);
}

function toFileError(code: string, message: string): BatchError {
  return { code, message, line: null, param: null };
}
