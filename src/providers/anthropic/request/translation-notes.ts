import { describe, isObject } from "../../../api/index.js";
import type { TranslationNote } from "../../seam/line-translator.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What stands in the way of a translation, and what is left out of it. */
export class TranslationNotes {
  readonly obstacles: TranslationNote[] = [];
  readonly warnings: TranslationNote[] = [];

  /** What would change the answer. */
  refuse(path: string, message: string, hint: string): void {
    this.obstacles.push({ path, message, hint });
  }

  /** What changes no answer. */
  warn(path: string, message: string): void {
    this.warnings.push({ path, message, hint: "" });
  }

  /** What no chat completion has there. */
  refuseOdd(path: string, value: unknown, expected: string): void {
    this.refuse(path, `expected ${expected}, found ${describe(value)}.`, "Mend the request.");
  }

  /** Members that nobody knows how to say. */
  refuseOthers(path: string, value: JsonObject, known: readonly string[]): void {
    for (const key of Object.keys(value)) {
      if (known.includes(key) || value[key] === null || value[key] === undefined) continue;
      this.refuse(
        isPlain(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`,
        "Anthropic has nothing like it.",
        'Leave it out, or write the request as Anthropic\'s own: url "/v1/messages".',
      );
    }
  }

  /** Members of an object, each of which is absent where it is null; nothing where it is no object. */
  object(path: string, value: unknown): JsonObject | undefined {
    if (isObject(value)) return value;
    this.refuseOdd(path, value, "an object");
    return undefined;
  }

  text(path: string, value: unknown): string | undefined {
    if (typeof value === "string") return value;
    this.refuseOdd(path, value, "a string");
    return undefined;
  }
}

function isPlain(key: string): boolean {
  return /^[A-Za-z_]\w*$/.test(key);
}
