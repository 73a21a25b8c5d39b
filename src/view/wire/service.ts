/** What a page shows of a service that keeps batches and files, whoever runs it. */
export interface ServiceState {
  /** Whether answers are made up. */
  readonly isRehearsal: boolean;
  /** How many workers execute batches; `undefined` where the server does itself. */
  readonly workers: number | undefined;
  /** The newest first, as many as were asked for. */
  readonly batches: readonly ServedBatch[];
  readonly batchCount: number;
  readonly files: readonly ServedFile[];
  readonly fileCount: number;
}

export interface ServedBatch {
  readonly id: string;
  /** The name of the caller to whom it belongs; empty where callers have none. */
  readonly owner: string;
  /** What its batch file was called, as far as that is known. */
  readonly name: string | undefined;
  /** The service's own word. */
  readonly state: string;
  readonly isAtEnd: boolean;
  /** Whether there are requests or results to be shown. */
  readonly hasRows: boolean;
  /** Why they are not, where there are some. */
  readonly hidden: string | undefined;
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
  /** Why it does not go on now, and when it is tried again, as an ISO date, where that is known. */
  readonly wait: { readonly message: string; readonly until: string | undefined } | undefined;
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
  readonly owner: string;
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

/** Who executes batches, where others than the server do. */
export interface ServiceMachines {
  /** Host and process of each server that is there. */
  readonly servers: readonly string[];
  readonly workers: readonly ServedWorker[];
  readonly limits: readonly ServedLimit[];
  readonly queue: ServedQueue;
}

/** What is not done yet. */
export interface ServedQueue {
  readonly requests: number;
  /** Ranges that no worker has, of those that were cut, and those that one has. */
  readonly rangesWaiting: number;
  readonly rangesUnderWay: number;
  /** How many batches are in each state. */
  readonly batches: Readonly<Record<string, number>>;
  /** Models that batches wait for, and no worker has. */
  readonly unserved: readonly { readonly model: string; readonly batches: number }[];
}

export interface ServedWorker {
  readonly id: string;
  /** Host and process. */
  readonly name: string;
  /** As an ISO date. */
  readonly startedAt: string;
  /** How long it has said nothing, in seconds. */
  readonly silentSeconds: number;
  readonly ranges: number;
  readonly completed: number;
  readonly failed: number;
  /** How many requests a second it has done of late. */
  readonly pace: number;
  /** The servers that it sends to. */
  readonly upstreams: readonly ServedUpstream[];
}

export interface ServedUpstream {
  readonly target: string;
  /** What the key is called that it is sent to with; `null` where nobody has said. */
  readonly keyName: string | null;
  /** Those that it has; `null` for any. */
  readonly models: readonly string[] | null;
  readonly concurrency: number;
  readonly inFlight: number;
  readonly ranges: number;
  /** Why nothing is sent there now, and for how long still, in milliseconds. */
  readonly wait: { readonly cause: string; readonly ms: number } | undefined;
}

/** A limit that all workers keep together who send to one server with one key. */
export interface ServedLimit {
  /** The server, and what the key is called. */
  readonly target: string;
  readonly keyName: string | null;
  readonly workers: number;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  /** What of either can be taken at this moment: a second's worth at the most. */
  readonly requestsLeft: number;
  readonly tokensLeft: number;
  /** For how long still the server has asked to wait, in milliseconds. */
  readonly pausedMs: number;
}
