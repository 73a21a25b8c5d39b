/** A request as the rehearsal sees it. */
export interface RehearsalRequest {
  /** `undefined` for a request that was sent to the endpoint itself, outside a batch. */
  readonly custom_id: string | undefined;
  /** As in the line: `/v1/chat/completions`. */
  readonly url: string;
  /** The body as JSON text. All that is made up depends on it, the url and the attempt alone. */
  readonly body: string;
  /** Whether a form was sent, all of whose values are texts: then `body` only tells of it. */
  readonly isForm?: boolean;
  /** Counted from 1. */
  readonly attempt: number;
}

/** What the rehearsal makes of a request: what a server would send, or how the connection fails. */
export type RehearsalAnswer =
  | RehearsedResponse
  /** The server never answers. */
  | { readonly kind: "timeout" }
  /** The connection breaks after the first bytes of a response. */
  | (Omit<RehearsedResponse, "kind"> & { readonly kind: "cut"; readonly sentBytes: number });

export interface RehearsedResponse {
  readonly kind: "response";
  readonly status: number;
  /** Names in lower case. Always has `content-type` and `x-request-id`. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text, but where the fault is a body that is not JSON. */
  readonly body: string;
  /** How long a server would take, in milliseconds. 0 unless the answer is to be slow. */
  readonly delayMs: number;
}

/** Makes up answers, with no server and no key: the same answer for the same request, always. */
export interface Rehearsal {
  answer(request: RehearsalRequest): RehearsalAnswer;
}
