/** In the metadata of a batch that sends again what failed in another: the id of that one. */
export const retryMark = "openbatch_retry_of";
