import { describe, type Endpoint, isObject } from "../../api/index.js";
import { atCallOf, OpenbatchError, promiseAtCallOf } from "../../errors/index.js";
import type { RequestWriter, UncheckedRequest } from "../file/request-writer.js";
import type { BulkCounts, BulkOptions, Rows } from "../file/write-each-row.js";
import type { CustomId, Exactly } from "./collector-parameters.js";
import { type NamedRequest, type RequestRef, toRequestRef } from "./request-ref.js";

/** What the resources of the collector have in common: each writes requests for one endpoint, made by `create`. */
export class CreatingResource<Parameters extends CustomId> {
  readonly #writer: RequestWriter;
  protected readonly url: Endpoint;

  constructor(writer: RequestWriter, url: Endpoint) {
    this.#writer = writer;
    this.url = url;
  }

  /**
   * Writes one request, with the parameters of the method of the same name in the official client.
   *
   * @throws RequestError with everything that is wrong with the request; then nothing was written.
   */
  create(parameters: Parameters): RequestRef {
    try {
      return this.collect(this.toRequest(parameters));
    } catch (error) {
      throw atCallOf(this.create, error);
    }
  }

  /**
   * Writes a request for each row, however many there are; what one row gives is as for `create`. The rows may be any
   * iterable or async iterable; the next is taken when the last is written.
   *
   * @throws OpenbatchError `row_failed` at the first row that is refused, unless `onError` is `"skip"`.
   */
  createMany<Row, Actual extends Parameters>(
    rows: Rows<Row>,
    toParameters: (row: Row, index: number) => Exactly<Parameters, Actual>,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    return promiseAtCallOf(this.createMany, async () => {
      assertCallback(toParameters);
      return await this.collectMany(rows, (row, index) => this.toRequest(toParameters(row, index)), options);
    });
  }

  protected collect(request: NamedRequest): RequestRef<never> {
    this.#writer.write(request);
    return toRequestRef(request);
  }

  protected collectMany<Row>(
    rows: Rows<Row>,
    toRequest: (row: Row, index: number) => UncheckedRequest,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    return this.#writer.writeMany(rows, toRequest, options);
  }

  /** The request whose body is what the caller gave. What is `undefined` is not written, and costs less to set. */
  protected toRequest(parameters: CustomId): NamedRequest {
    assertParameters(parameters);
    return { custom_id: parameters.custom_id, url: this.url, body: { ...parameters, custom_id: undefined } };
  }
}

/** What plain JavaScript may get wrong before there is a request to speak of. */
export function assertParameters(parameters: unknown): asserts parameters is object {
  if (isObject(parameters) && !(parameters instanceof Promise)) return;
  const found = parameters instanceof Promise ? "a promise" : describe(parameters);
  throw new OpenbatchError("invalid_type", `Expected an object of parameters, found ${found}.`, {
    hint:
      found === "a promise"
        ? "Await what is needed before: what a callback gives is taken at once."
        : "Give one object with custom_id and the parameters of the endpoint.",
  });
}

export function assertCallback(callback: unknown): void {
  if (typeof callback === "function") return;
  throw new OpenbatchError("invalid_type", `Expected a function of a row, found ${describe(callback)}.`, {
    hint: "Give a function that turns a row into the parameters of its request.",
  });
}

/** Gives a parameter another name and a value, in the place where either name came first. */
export function renameParameter(
  body: UncheckedRequest["body"],
  name: string,
  newName: string,
  value: unknown,
): UncheckedRequest["body"] {
  const renamed: Record<string, unknown> = {};
  for (const key in body) {
    const isEither = key === name || key === newName;
    renamed[isEither ? newName : key] = isEither ? value : body[key];
  }
  return renamed;
}
