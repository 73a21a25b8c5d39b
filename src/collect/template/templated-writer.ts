import { describeName, type Endpoint, isObject, nearestName } from "../../api/index.js";
import type { RequestWriter } from "../file/request-writer.js";
import type { WriteOutcome } from "../file/write-each-row.js";
import { type ToRequest, toInstance } from "./instance-requests.js";
import type { TemplatedBody } from "./templated-line.js";

export interface TemplatedWriterOptions {
  readonly url: Endpoint;
  readonly toRequest: ToRequest;
  /** Gives the quick way to the same text, if there is one. */
  readonly compile: () => TemplatedBody | undefined;
  /** What the template has placeholders for. */
  readonly variables: readonly string[];
  /** Gets what is to be said, once for each name, of values without a placeholder. */
  readonly onUnused: (message: string) => void;
}

/**
 * Writes the instances of a template. The first one without parameters of its own is checked whole; from then on the
 * likes of it are rendered. All others are checked whole, each.
 */
export function createTemplatedWriter(
  writer: RequestWriter,
  { url, toRequest, compile, variables, onUnused }: TemplatedWriterOptions,
): (instance: unknown) => WriteOutcome {
  const unused = new UnusedVariables(variables, onUnused);
  let body: TemplatedBody | undefined;
  let isCompiled = false;
  return (instance) => {
    const known = toInstance(instance, "promptValueMapping");
    const { custom_id, promptValueMapping: values } = known;
    if (isObject(values)) unused.look(values);
    const isPlain = known.instanceRequestOptions === undefined && isObject(values);
    if (body !== undefined && isPlain && typeof custom_id === "string") {
      const texts = body.fill(custom_id, values);
      if (texts !== undefined) return writer.writeRendered({ custom_id, url, pieces: body.pieces, texts });
    }
    const outcome = writer.write(toRequest(instance));
    if (isPlain && !isCompiled) {
      body = compile();
      isCompiled = true;
    }
    return outcome;
  };
}

/** Finds the values for which a template has no placeholder, and tells of each name once. */
class UnusedVariables {
  readonly #variables: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #told = new Set<string>();
  readonly #tell: (message: string) => void;

  constructor(variables: readonly string[], tell: (message: string) => void) {
    this.#variables = variables;
    this.#known = new Set(variables);
    this.#tell = tell;
  }

  look(values: Readonly<Record<string, unknown>>): void {
    let place = 0;
    for (const name in values) {
      place += 1;
      // Mostly the values stand in the order of the variables.
      if (name === this.#variables[place - 1]) continue;
      if (this.#known.has(name) || this.#told.has(name)) continue;
      this.#told.add(name);
      const nearest = nearestName(name, this.#known);
      const suggestion = nearest === undefined ? "" : ` Was {${nearest}} meant?`;
      this.#tell(`the template has no placeholder for the value ${describeName(name)}.${suggestion}`);
    }
  }
}
