/** A running server. Close it at the end; `await using` does so too. */
export interface BatchServer extends AsyncDisposable {
  /** What a client is told, as in `http://127.0.0.1:4040/v1`. */
  readonly baseURL: string;
  /**
   * Opens the page that shows batches and their results in a browser. It holds the key to them: whoever has it can read all, and
   * can begin and cancel batches. It stays the same for the same folder and `apiKey`.
   */
  readonly pageLink: string;
  /** Where Prometheus reads how much is done; `undefined` where that was not asked for, and callers need a key. */
  readonly metricsURL: string | undefined;
  /** The folder in which files and batches are kept. */
  readonly data: string;
  /** How many batches are not at their end. */
  readonly unfinishedBatches: number;
  /**
   * Ends the server, and leaves batches for the next one on the same folder to go on with.
   * @param options `graceMs`: how long requests in flight may take to be answered, in milliseconds. By default
   * 30,000, and 0 in rehearsal.
   */
  close(options?: { readonly graceMs?: number | undefined }): Promise<void>;
}
