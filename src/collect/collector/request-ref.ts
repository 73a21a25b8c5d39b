import type { Endpoint } from "../../api/index.js";
import type { UncheckedRequest } from "../file/request-writer.js";

/** What the answer to a request will hold when it is parsed; known to the compiler alone. */
declare const parsed: unique symbol;

/**
 * Stands for a request that was written, and knows the type of what its result will hold.
 * A plain value: it may be stored as JSON.
 */
export interface RequestRef<Parsed = undefined> {
  readonly custom_id: string;
  readonly url: Endpoint;
  /** The name of the format that was asked for, if one was. */
  readonly format?: string;
  readonly [parsed]?: Parsed;
}

/** A request whose id the compiler knows to be text. */
export interface NamedRequest extends UncheckedRequest {
  readonly custom_id: string;
}

export function toRequestRef({ custom_id, url, format }: NamedRequest): RequestRef<never> {
  return format === undefined ? { custom_id, url } : { custom_id, url, format: format.name };
}
