import { atCallOf, promiseAtCallOf, RequestError } from "../../errors/index.js";
import { type Format, type InferFormat, toFormat } from "../../format/index.js";
import type { RequestWriter, UncheckedRequest } from "../file/request-writer.js";
import type { BulkCounts, BulkOptions, Rows } from "../file/write-each-row.js";
import type {
  ChatCompletionParseParameters,
  CustomId,
  Exactly,
  ResponseParseParameters,
} from "./collector-parameters.js";
import { assertCallback, assertParameters, CreatingResource } from "./collector-resource.js";
import type { NamedRequest, RequestRef } from "./request-ref.js";

/** The parameters of `parse`, by the name that the endpoint has for the schema. */
interface ParseParameters<Schema> {
  readonly response_format: ChatCompletionParseParameters<Schema>;
  readonly text_format: ResponseParseParameters<Schema>;
}

type SchemaName = keyof ParseParameters<object>;

/** What `parse` was given, before anything is known of it. */
export type GivenParameters = CustomId & { readonly [Name in SchemaName]?: object | null | undefined };

const urls = { response_format: "/v1/chat/completions", text_format: "/v1/responses" } as const;

/** A resource whose answers may be asked to fit a schema. */
export abstract class ParsingResource<
  Parameters extends CustomId,
  Name extends SchemaName,
> extends CreatingResource<Parameters> {
  readonly #name: Name;

  constructor(writer: RequestWriter, name: Name) {
    super(writer, urls[name]);
    this.#name = name;
  }

  /**
   * Writes a request whose answer is to fit a schema. With `undefined` or null in its place it is `create`.
   *
   * @throws RequestError, or OpenbatchError `invalid_schema` for a schema that the service would refuse.
   */
  parse<const Schema extends object | undefined = undefined>(
    parameters: ParseParameters<Schema>[Name],
  ): RequestRef<InferFormat<Schema>> {
    try {
      return this.collect(this.#toParseRequest(parameters));
    } catch (error) {
      throw atCallOf(this.parse, error);
    }
  }

  /** Writes a request for each row, as `createMany` does; what one row gives is as for `parse`. */
  parseMany<Row, Actual extends ParseParameters<object>[Name]>(
    rows: Rows<Row>,
    toParameters: (row: Row, index: number) => Exactly<ParseParameters<object>[Name], Actual>,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    const toRequest = (row: Row, index: number) => this.#toParseRequest(toParameters(row, index));
    return promiseAtCallOf(this.parseMany, async () => {
      assertCallback(toParameters);
      return await this.collectMany(rows, toRequest, options);
    });
  }

  /** The body that asks for a format, in the place where the caller gave the schema. */
  protected abstract toBody(parameters: GivenParameters, format: Format): UncheckedRequest["body"];

  #toParseRequest(parameters: GivenParameters): NamedRequest {
    assertParameters(parameters);
    this.#assertName(parameters);
    const schema = parameters[this.#name];
    if (schema === undefined || schema === null)
      return this.toRequest({ ...parameters, [this.#name]: undefined });
    const format = toFormat(schema);
    return {
      custom_id: parameters.custom_id,
      url: this.url,
      body: this.toBody(parameters, format),
      format,
    };
  }

  /** Refuses a schema under the name that the other endpoint has for it. */
  #assertName(parameters: GivenParameters): void {
    const other = this.#name === "text_format" ? "response_format" : "text_format";
    if (!(other in parameters)) return;
    throw new RequestError({ custom_id: parameters.custom_id, url: this.url }, [
      {
        severity: "error",
        code: "unknown_parameter",
        path: `body.${other}`,
        message: `${this.url} has no ${other}.`,
        hint: `Give the schema as ${this.#name}.`,
      },
    ]);
  }
}
