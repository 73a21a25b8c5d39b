import type { ServerAnswer } from "../outcome/index.js";

/** A request on its way. */
export interface OutgoingRequest {
  /** By default POST. With GET there is no body, whatever `body` holds. */
  readonly method?: "GET" | "POST" | undefined;
  /** As in the line: `/v1/chat/completions`. */
  readonly url: string;
  /** The body as JSON text, or its bytes, as it is sent. */
  readonly body: string | Buffer;
  /** What a server is sent in the place of `body`, which then says the same in JSON. */
  readonly form?: OutgoingForm | undefined;
}

/** A multipart form, with its files. */
export interface OutgoingForm {
  /** With its boundary. */
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** How an attempt ended without an answer. */
export type TransportFailureKind =
  /** No connection, or it broke before or in the answer. */
  | "connection"
  /** No whole answer within the time limit. */
  | "timeout"
  /** The answer is larger than is kept in memory. */
  | "too_large"
  /** The signal was aborted. */
  | "aborted";

/** Thrown by {@link Transport.send}. Its message names no key and quotes no body. */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";
  readonly kind: TransportFailureKind;
  /** The system's own code, as in `ECONNREFUSED`. */
  readonly systemCode: string | undefined;

  constructor(kind: TransportFailureKind, message: string, systemCode?: string) {
    super(message);
    this.kind = kind;
    this.systemCode = systemCode;
  }
}

/** Carries requests to whatever answers them: a server over HTTP, or a rehearsal inside. */
export interface Transport<Request extends OutgoingRequest = OutgoingRequest> {
  /** What answers, for messages and records, without a key: a base URL, or "rehearsal". */
  readonly target: string;
  /** @param attempt counted from 1. */
  send(request: Request, attempt: number, signal: AbortSignal): Promise<ServerAnswer>;
  close(): Promise<void>;
}
