import { type Format, type FormatOptions, toFormat } from "../../format/index.js";
import { mergeParameters, type RequestBody, toRequestBody } from "./request-parameters.js";

/** What the classes of requests have in common: parameters that may come one after the other. */
export abstract class CommonRequest {
  #body: RequestBody;

  constructor(parameters: object) {
    this.#body = toRequestBody(parameters);
  }

  /** The parameters as they will be sent. */
  get body(): RequestBody {
    return this.#body;
  }

  protected set(parameters: object): this {
    this.#body = mergeParameters(this.#body, parameters);
    return this;
  }
}

/** A request whose answer may be asked to have a structure. */
export abstract class StructuredRequest extends CommonRequest {
  #format: Format | undefined;

  /** The structure asked of the answer by {@link setOutputStructure}. */
  get format(): Format | undefined {
    return this.#format;
  }

  /**
   * Asks for an answer with the structure of a schema: a Standard Schema with JSON Schema (Zod, ArkType, …) or plain
   * JSON Schema. Other members of `text`, such as `verbosity`, stay.
   *
   * @throws OpenbatchError `invalid_schema` where strict structured outputs do not take the schema.
   */
  setOutputStructure(schema: object, options: FormatOptions = {}): this {
    this.#format = toFormat(schema, options);
    return this.set(this.toStructure(this.#format));
  }

  /** The parameter that asks for a format. */
  protected abstract toStructure(format: Format): object;
}
