/** Of one attempt, in milliseconds: the SDK's own, for a slow local model may take minutes. */
export const defaultTimeoutMs = 600_000;
