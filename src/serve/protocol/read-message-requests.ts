import { isObject } from "../../api/index.js";
import { findProfile, isIdTaken } from "../../providers/index.js";
import { ApiError } from "./api-error.js";

/** A request as its line in the input of a batch. */
export interface MessageRequests {
  readonly lines: readonly string[];
}

/** @throws ApiError for what Anthropic refuses in a batch as a whole: of each request it is otherwise found out later. */
export function readMessageRequests(body: unknown): MessageRequests {
  const requests = isObject(body) ? body.requests : undefined;
  if (!Array.isArray(requests)) throw new ApiError(400, "requests: Field required");
  if (requests.length === 0) throw new ApiError(400, "requests: List should have at least 1 item");
  const { limits } = findProfile("anthropic");
  const most = limits.requests?.value ?? Infinity;
  if (requests.length > most)
    throw new ApiError(413, `requests: List should have at most ${most} items, not ${requests.length}`);
  const ids = new Set<string>();
  const lines = requests.map((request: unknown, index) => {
    const { custom_id, params } = isObject(request) ? request : {};
    if (
      typeof custom_id !== "string" ||
      (limits.ids !== undefined && !isIdTaken(custom_id, limits.ids.value))
    )
      throw new ApiError(
        400,
        `requests.${index}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`,
      );
    if (ids.has(custom_id))
      throw new ApiError(400, `requests.${index}.custom_id: must be unique in the batch`);
    ids.add(custom_id);
    if (!isObject(params)) throw new ApiError(400, `requests.${index}.params: Field required`);
    if (params.stream === true)
      throw new ApiError(400, `requests.${index}.params.stream: streaming is not supported in batches`);
    return JSON.stringify({ custom_id, method: "POST", url: "/v1/messages", body: params });
  });
  return { lines };
}
