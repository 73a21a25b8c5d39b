import type { FailedOutcome, ServiceError } from "../../outcome/index.js";

/** Thrown where a service answers with an error. Its message names no key. */
export class ServiceRefusal extends Error {
  override readonly name = "ServiceRefusal";
  readonly status: number;
  readonly error: ServiceError;
  /** Whether others would be refused too. */
  override readonly cause: FailedOutcome["cause"];
  /** How long to wait before it is asked again, in milliseconds; `undefined` where that would not help. */
  readonly againMs: number | undefined;
  /** Whether what was asked can be done in a while, and was not done now. */
  readonly isNotYet: boolean;

  constructor({ status, error, cause, againMs, isNotYet = false }: RefusalFields) {
    super(error.message);
    this.status = status;
    this.error = error;
    this.cause = cause;
    this.againMs = againMs;
    this.isNotYet = isNotYet;
  }
}

export interface RefusalFields {
  readonly status: number;
  readonly error: ServiceError;
  readonly cause: FailedOutcome["cause"];
  readonly againMs: number | undefined;
  readonly isNotYet?: boolean;
}
