import { describeName, isObject, nearestName } from "../../api/index.js";

/** Finds the values for which a template has no placeholder, and tells of each name once. */
export class UnusedVariables {
  readonly #known: ReadonlySet<string>;
  readonly #told = new Set<string>();
  readonly #tell: (message: string) => void;

  constructor(variables: readonly string[], tell: (message: string) => void) {
    this.#known = new Set(variables);
    this.#tell = tell;
  }

  look(values: unknown): void {
    if (!isObject(values)) return;
    for (const name in values) {
      if (this.#known.has(name) || this.#told.has(name)) continue;
      this.#told.add(name);
      const nearest = nearestName(name, this.#known);
      const suggestion = nearest === undefined ? "" : ` Was {${nearest}} meant?`;
      this.#tell(`the template has no placeholder for the value ${describeName(name)}.${suggestion}`);
    }
  }
}
