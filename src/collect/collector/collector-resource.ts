import { describe, type Endpoint, isObject } from "../../api/index.js";
import { OpenbatchError, RequestError } from "../../errors/index.js";
import type { Format } from "../../format/index.js";
import type { RequestWriter, UncheckedRequest } from "../file/request-writer.js";
import type { BulkCounts, BulkOptions, Rows } from "../file/write-many.js";
import type { CustomId, Exactly } from "./collector-parameters.js";
import type { RequestRef } from "./request-ref.js";

/** What a caller gave, as it goes into a line. */
export interface LineParts {
  readonly custom_id: string;
  readonly body: UncheckedRequest["body"];
  readonly format?: Format;
}

/** What the resources of the collector have in common: each writes requests for one endpoint. */
export class CollectorResource {
  readonly #writer: RequestWriter;
  readonly #url: Endpoint;

  constructor(writer: RequestWriter, url: Endpoint) {
    this.#writer = writer;
    this.#url = url;
  }

  protected collect(parts: LineParts): RequestRef<never> {
    const { custom_id, format } = parts;
    const url = this.#url;
    this.#writer.write(this.#toRequest(parts));
    return format === undefined ? { custom_id, url } : { custom_id, url, format: format.name };
  }

  protected collectMany<Row>(
    rows: Rows<Row>,
    toParts: (row: Row, index: number) => LineParts,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    return this.#writer.writeMany(rows, (row, index) => this.#toRequest(toParts(row, index)), options);
  }

  #toRequest({ custom_id, body, format }: LineParts): UncheckedRequest {
    return { custom_id, url: this.#url, body, format };
  }
}

/** A resource whose requests are made by `create`. */
export class CreatingResource<Parameters extends CustomId> extends CollectorResource {
  /**
   * Writes one request, with the parameters of the method of the same name in the official client.
   *
   * @throws RequestError with everything that is wrong with the request; then nothing was written.
   */
  create(parameters: Parameters): RequestRef {
    return this.collect(this.toParts(parameters));
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
    assertCallback(toParameters);
    return this.collectMany(rows, (row, index) => this.toParts(toParameters(row, index)), options);
  }

  protected toParts(parameters: Parameters): LineParts {
    return toLineParts(parameters);
  }
}

/** The parts of a line whose body is what the caller gave. What is `undefined` is not written, and costs less to set. */
export function toLineParts(parameters: CustomId): LineParts {
  assertParameters(parameters);
  return { custom_id: parameters.custom_id, body: { ...parameters, custom_id: undefined } };
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

interface SchemaNames {
  readonly url: Endpoint;
  readonly expected: string;
  /** What the other endpoint calls it. */
  readonly other: string;
}

/** Refuses a schema under the name that the other endpoint has for it. */
export function assertSchemaName(parameters: CustomId, { url, expected, other }: SchemaNames): void {
  if (!(other in parameters)) return;
  throw new RequestError({ custom_id: parameters.custom_id, url }, [
    {
      severity: "error",
      code: "unknown_parameter",
      path: `body.${other}`,
      message: `${url} has no ${other}.`,
      hint: `Give the schema as ${expected}.`,
    },
  ]);
}

export function assertCallback(callback: unknown): void {
  if (typeof callback === "function") return;
  throw new OpenbatchError("invalid_type", `Expected a function of a row, found ${describe(callback)}.`, {
    hint: "Give a function that turns a row into the parameters of its request.",
  });
}
