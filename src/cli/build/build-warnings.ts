import type { Problem } from "../../errors/index.js";

/** One kind of warning, with the first of its messages. */
export interface ReportedWarning {
  readonly code: string;
  /** Requests that have it; absent where it is not about single requests. */
  readonly count?: number;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** Gathers warnings by code: forty thousand requests share what their template does. */
export class BuildWarnings {
  readonly #ofBuild: ReportedWarning[] = [];
  readonly #ofRequests = new Map<string, ReportedWarning & { readonly count: number }>();
  #pending: Problem[] = [];
  #written = 0;

  /** A warning about the template or the output. */
  addOfBuild({ code, path, message, hint }: Problem): void {
    this.#ofBuild.push({ code, path, message, hint });
  }

  /** A warning about the request under way, which counts once that is written. */
  addOfRequest(problem: Problem): void {
    if (!this.#isToldOfSchema(problem)) this.#pending.push(problem);
  }

  /** Whether the template's schema was warned of in the same words, before any request had it. */
  #isToldOfSchema({ message }: Problem): boolean {
    return this.#ofBuild.some(
      (told) => told.path.startsWith("schema ") && message === `at ${told.path.slice(7)}: ${told.message}`,
    );
  }

  /** Told how many requests the output holds, before the first and after each row. */
  settle(written: number): void {
    if (written > this.#written) for (const problem of this.#pending) this.#count(problem);
    this.#pending = [];
    this.#written = written;
  }

  get all(): readonly ReportedWarning[] {
    return [...this.#ofBuild, ...this.#ofRequests.values()];
  }

  #count({ code, path, message, hint }: Problem): void {
    const { count = 0, ...first } = this.#ofRequests.get(code) ?? { code, path, message, hint };
    this.#ofRequests.set(code, { ...first, count: count + 1 });
  }
}
