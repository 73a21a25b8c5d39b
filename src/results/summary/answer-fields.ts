import type { Result } from "../answer/result.js";
import { type AnswerField, ValueCounts } from "./value-counts.js";

const maxFields = 100;
const maxLevels = 8;
/** What one answer may cost, whatever it holds. */
const maxValues = 10_000;

/** Counts what stands in the answers, place by place: in the parsed ones, or else in their text. The first hundred places. */
export class AnswerFields {
  readonly #fields = new Map<string, ValueCounts>();
  #left = 0;

  add(result: Result): void {
    if (result.status !== "succeeded" || result.problem !== undefined) return;
    this.#left = maxValues;
    if (result.parsed !== undefined) this.#addValue("parsed", result.parsed, 0);
    else if (result.text !== undefined) this.#addValue("text", result.text, 0);
  }

  /** In the order in which the places were first met. */
  list(): readonly AnswerField[] {
    return [...this.#fields.values()].map((field) => field.toField());
  }

  #addValue(path: string, value: unknown, level: number): void {
    this.#left -= 1;
    if (this.#left < 0 || level > maxLevels) return;
    if (typeof value === "object" && value !== null) this.#addInside(path, value, level + 1);
    else if (value === null) this.#fieldAt(path)?.addNull();
    else if (typeof value === "string" || typeof value === "boolean" || isNumber(value)) {
      this.#fieldAt(path)?.add(value);
    }
  }

  #addInside(path: string, value: object, level: number): void {
    if (Array.isArray(value)) {
      for (const item of value) {
        if (this.#left <= 0) return;
        this.#addValue(`${path}[]`, item, level);
      }
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      if (this.#left <= 0) return;
      this.#addValue(`${path}.${key}`, member, level);
    }
  }

  #fieldAt(path: string): ValueCounts | undefined {
    const known = this.#fields.get(path);
    if (known !== undefined || this.#fields.size >= maxFields) return known;
    const field = new ValueCounts(path);
    this.#fields.set(path, field);
    return field;
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
