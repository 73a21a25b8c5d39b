import { type Inspection, type SchemaProblem, validateStrictSchema } from "../api/index.js";
import type { FoundFormat } from "./find-format.js";
import { findUnfit } from "./schema/find-unfit.js";

/** So many schemas of one file are looked at: each takes a tenth of a millisecond. */
const maxSchemas = 1_000;
/** And so many characters of them are kept. */
const maxCharacters = 10_000_000;
/** After so many for which no value was found no more are looked at: each may take a second. */
const maxDoubts = 10;

type Problems = readonly SchemaProblem[];

const none: Problems = [];

/** Looks whether anything fits the strict formats of a file that come ready made, each schema once. */
export class FitSearch {
  readonly #byObject = new WeakMap<object, Problems>();
  readonly #byText = new Map<string, Problems>();
  #characters = 0;
  #doubts = 0;

  /** What {@link findUnfit} says of a format that is strict, and is refused for nothing else. */
  problemsOf({ schema, isStrict }: FoundFormat, text?: string): Problems {
    if (!isStrict) return none;
    const known = this.#byObject.get(schema) ?? this.#find(schema, text ?? JSON.stringify(schema));
    this.#byObject.set(schema, known);
    return known;
  }

  #find(schema: FoundFormat["schema"], text: string): Problems {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    if (this.#isSpent(text)) return none;
    const isRefused = validateStrictSchema(schema).some(({ severity }) => severity === "error");
    const problems = isRefused ? none : findUnfit(schema);
    if (problems.some(({ severity }) => severity === "warning")) this.#doubts += 1;
    this.#byText.set(text, problems);
    this.#characters += text.length;
    return problems;
  }

  #isSpent(text: string): boolean {
    return (
      this.#byText.size >= maxSchemas ||
      this.#doubts >= maxDoubts ||
      this.#characters + text.length > maxCharacters
    );
  }
}

/** Reports, where the body of a request is inspected, that nothing fits the format that it asks for. */
export function reportUnfit({ place }: FoundFormat, problems: Problems, at: Inspection): void {
  if (problems.length === 0) return;
  for (const step of place) at.enter(step);
  for (const { severity, code, pointer, message, hint } of problems) {
    const said = `at ${pointer}: ${message}`;
    if (severity === "error") at.error(code, said, hint);
    else at.warning(code, said, hint);
  }
  for (const _ of place) at.leave();
}
