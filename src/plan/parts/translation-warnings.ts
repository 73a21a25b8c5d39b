import type { TranslationNote } from "../../providers/index.js";

/** What a translation leaves out of requests, or chooses for them, where that changes no answer of theirs. */
export interface TranslationWarning {
  /** In the line, without the numbers of what it has several of: `body.messages[].content`. */
  readonly path: string;
  readonly message: string;
  readonly requests: number;
  readonly firstLine: number;
}

const maxKept = 100;

/** Counts the warnings that are alike. */
export class TranslationWarnings {
  readonly #found = new Map<string, TranslationWarning>();

  add(line: number, notes: readonly TranslationNote[]): void {
    for (const { path: place, message } of notes) {
      const path = place.replace(/\[\d+\]/g, "[]");
      const key = `${path} ${message}`;
      const known = this.#found.get(key);
      if (known === undefined && this.#found.size >= maxKept) continue;
      this.#found.set(key, {
        path,
        message,
        requests: (known?.requests ?? 0) + 1,
        firstLine: known?.firstLine ?? line,
      });
    }
  }

  list(): readonly TranslationWarning[] {
    return [...this.#found.values()];
  }
}
