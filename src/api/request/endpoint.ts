/**
 * The endpoints that OpenAI's Batch API takes, in the order of its own enum.
 * Source: the `endpoint` parameter of `POST /v1/batches`, openai-node 7.57, November 2026.
 */
export const endpoints = [
  "/v1/responses",
  "/v1/chat/completions",
  "/v1/embeddings",
  "/v1/completions",
  "/v1/moderations",
  "/v1/images/generations",
  "/v1/images/edits",
  "/v1/videos",
] as const;

/** The url of a request in a batch file. */
export type Endpoint = (typeof endpoints)[number];

const knownEndpoints: ReadonlySet<unknown> = new Set(endpoints);

/** Whether a url is, to the letter, an endpoint of the Batch API. */
export function isEndpoint(url: unknown): url is Endpoint {
  return knownEndpoints.has(url);
}
