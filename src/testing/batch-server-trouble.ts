/** What a server has go wrong on purpose, each as it was seen of a real service. */
export interface BatchServerTrouble {
  /**
   * How many tokens the prompts of a model's batches may have in all that are not at their end, by model: a batch beyond fails
   * with `token_limit_exceeded`. A prompt is taken to have a token for every four bytes of its line.
   */
  readonly enqueuedTokenLimits?: Readonly<Record<string, number>> | undefined;
  /** Every batch is out of time once so many of its requests are done. */
  readonly expireAfterRequests?: number | undefined;
  /** The lines of every output file come in another order than they were written in, always the same. */
  readonly shuffleOutput?: boolean | undefined;
  /** The requests with these `custom_id`s have no line in the output file, although they are counted. */
  readonly missingLines?: readonly string[] | undefined;
  /** `error_file_id` is `""` where there is none, in the place of `null`. */
  readonly emptyErrorFileId?: boolean | undefined;
  /** `output_file_id` is `null`, although there are answers. */
  readonly nullOutputFileId?: boolean | undefined;
  /** A status that nobody knows is shown of every batch, the first times that it is retrieved: once, if nothing else is said. */
  readonly unknownStatus?: { readonly status: string; readonly polls?: number | undefined } | undefined;
  /** So many times, a batch is retrieved with a 502 for an answer. */
  readonly failPolls?: number | undefined;
  /** So many downloads break off once half of what they asked for has come. */
  readonly cutDownloads?: number | undefined;
  /** So many downloads end once half of what they asked for has come, as if that were all: with a status of 200, or 206 of a range. */
  readonly endDownloads?: number | undefined;
  /** Each output file has half of its bytes when its batch is completed, the first times that it is retrieved or downloaded. */
  readonly growOutputs?: number | undefined;
  /** So many output files are no longer there when their batch is at its end. */
  readonly expireOutputs?: number | undefined;
  /** So many times, a file is uploaded, and the connection closes in the place of the answer. */
  readonly loseUploads?: number | undefined;
  /** So many times, a batch is created, and the connection closes in the place of the answer. */
  readonly loseCreates?: number | undefined;
  /** So many times, an upload is refused with a 429, and with a second in `Retry-After`. */
  readonly limitUploads?: number | undefined;
  /** So many times, the creation of a batch is refused with a 429, and with a second in `Retry-After`. */
  readonly limitCreates?: number | undefined;
  /** So many times, each file is not found after it was uploaded, when it is retrieved, downloaded or deleted. */
  readonly hideUploads?: number | undefined;
  /** So many times, each batch is not found after it was created, when it is retrieved or cancelled: 404. */
  readonly hideCreates?: number | undefined;
  /** So many times, each batch is still being created when it is retrieved or cancelled: 409. */
  readonly lockCreates?: number | undefined;
  /** So many lists come without a file or a batch that they should hold, the first after it was made. */
  readonly lagLists?: number | undefined;
  /** So many batches stay in `validating`, until they are cancelled or out of time. */
  readonly stuckBatches?: number | undefined;
  /** Every batch is cancelled by somebody else once so many of its requests are done. */
  readonly cancelAfterRequests?: number | undefined;
}
