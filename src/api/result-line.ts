/** One line of an output or error file, with the keys that OpenAI writes, in its order. Others leave some out. */
export interface ResultLine {
  readonly id: string;
  /** The one of the request. */
  readonly custom_id: string;
  /** What the endpoint answered, success and failure alike; `null` where the request was never answered. */
  readonly response: {
    readonly status_code: number;
    readonly request_id: string;
    readonly body: unknown;
  } | null;
  /** Why the request was never answered. `null` also where an endpoint answered with an error. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The tokens of a request or a batch, in the one shape that the Batch API uses for every endpoint. */
export interface Usage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}
