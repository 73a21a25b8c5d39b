/** What a page shows of a service that keeps batches and files, whoever runs it. */
export interface ServiceState {
  /** Whether answers are made up. */
  readonly isRehearsal: boolean;
  /** The newest first, as many as were asked for. */
  readonly batches: readonly ServedBatch[];
  readonly batchCount: number;
  readonly files: readonly ServedFile[];
  readonly fileCount: number;
}

export interface ServedBatch {
  readonly id: string;
  /** What its batch file was called, as far as that is known. */
  readonly name: string | undefined;
  /** The service's own word. */
  readonly state: string;
  readonly isAtEnd: boolean;
  /** Whether there are requests or results to be shown. */
  readonly hasRows: boolean;
  readonly isRehearsal: boolean;
  readonly endpoint: string;
  readonly model: string | null;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly tokens: { readonly input: number; readonly output: number };
  /** When it came into each of its states, in their order. Times are ISO dates. */
  readonly stamps: readonly { readonly state: string; readonly at: string }[];
  /** When it is out of time. */
  readonly expiresAt: string;
  /** Why it does not go on now, and when it is tried again, as an ISO date. */
  readonly wait: { readonly message: string; readonly until: string } | undefined;
  /** Why it could not be begun, or could not be brought to its end; not told in a list. */
  readonly errors: readonly ServedError[];
  /** Which of its files can be taken away. */
  readonly hasOutput: boolean;
  readonly hasErrors: boolean;
  /** Whether what failed can be sent again. */
  readonly canRetry: boolean;
  /** The batch whose failures it sends again. */
  readonly retryOf: string | undefined;
  /** The batch that sends its failures again; not told in a list. */
  readonly retriedBy: string | undefined;
}

export interface ServedError {
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  readonly param: string | null;
}

export interface ServedFile {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly createdAt: string;
  readonly expiresAt: string | undefined;
}

/** A batch file that was sent and checked, and of which nothing was made yet. */
export interface CheckedUpload {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly requests: number;
  /** The endpoint that a batch of it would have; `undefined` where its requests tell none. */
  readonly endpoint: string | undefined;
  /** How many requests each model has. */
  readonly models: Readonly<Record<string, number>>;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  /** The first of them, errors before all else. */
  readonly findings: readonly UploadFinding[];
  /** How many causes there are beyond those. */
  readonly omitted: number;
}

export interface UploadFinding {
  readonly severity: "error" | "warning" | "note";
  readonly code: string;
  readonly line: number | undefined;
  readonly lineCount: number;
  readonly custom_id: string | undefined;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** Tells that batches or files are others than before. */
export interface ServiceEvent {
  readonly source: "service";
  readonly changes: number;
}
