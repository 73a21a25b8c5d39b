/** Requests in one batch. Source: OpenAI's batch guide, November 2026. */
export const maxRequestsPerBatch = 50_000;

/** Bytes of one batch's input file: 200 MiB, as the service's own error text says. */
export const maxBytesPerBatch = 209_715_200;

/** Embedding inputs of one batch, summed over its requests. Source: openai-node 7.57, November 2026. */
export const maxEmbeddingInputsPerBatch = 50_000;
