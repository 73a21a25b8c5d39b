import type { Problem } from "../errors/index.js";

/** One kind of warning, with the first of its messages. */
export interface ReportedWarning {
  readonly code: string;
  /** Requests that have it. */
  readonly count: number;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** Gathers warnings by code: forty thousand requests share what their template does. */
export class BuildWarnings {
  readonly #byCode = new Map<string, ReportedWarning>();

  add({ code, path, message, hint }: Problem): void {
    const before = this.#byCode.get(code);
    this.#byCode.set(
      code,
      before === undefined ? { code, count: 1, path, message, hint } : { ...before, count: before.count + 1 },
    );
  }

  get all(): readonly ReportedWarning[] {
    return [...this.#byCode.values()];
  }
}
