/** What stands in the error file of a batch for each request that was not executed before its end. */
export const endOfBatch = {
  /** Source: OpenAI's batch guide, November 2026. */
  expired: {
    code: "batch_expired",
    message: "This request could not be executed before the completion window expired.",
  },
  /** Source: lines in logs of users; the code is that of gateways. */
  cancelled: {
    code: "batch_cancelled",
    message: "This request was not executed because the batch was cancelled.",
  },
} as const;
