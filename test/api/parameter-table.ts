import { describe, expect, it } from "vitest";
import { type Endpoint, validateBody } from "../../src/api/index.js";
import { endpointParameters } from "../../src/api/parameters/endpoint-parameters.js";

/** What one parameter takes without a word, what it warns of, and what it refuses. */
export interface ParameterRow {
  readonly takes: readonly unknown[];
  readonly warnsOf?: readonly unknown[];
  readonly refuses: readonly unknown[];
}

/** Tries every parameter of an endpoint; fails if its table has one that no row tries. */
export function describeParameters(
  url: Endpoint,
  body: Readonly<Record<string, unknown>>,
  rows: Readonly<Record<string, ParameterRow>>,
): void {
  describe(`the parameters of ${url}`, () => {
    it("are all tried here", () => {
      expect(Object.keys(rows).sort()).toEqual(Object.keys(endpointParameters[url]).sort());
    });

    for (const [name, { takes, warnsOf = [], refuses }] of Object.entries(rows)) {
      const severities = (value: unknown) =>
        validateBody(url, { ...body, [name]: value }, { closedNames: true })
          .filter(({ path, code }) => path.startsWith(`body.${name}`) && code !== "deprecated_parameter")
          .map(({ severity }) => severity);
      it.each(takes.map(show))(`${name} takes %s`, (_text, value) => expect(severities(value)).toEqual([]));
      it.each(warnsOf.map(show))(`${name} warns of %s`, (_text, value) => {
        expect(new Set(severities(value))).toEqual(new Set(["warning"]));
      });
      it.each(refuses.map(show))(`${name} refuses %s`, (_text, value) => {
        expect(severities(value)).toContain("error");
      });
    }
  });
}

/** Each problem as one line: what it weighs, its code, where it is. */
export function problemsOf(
  url: Endpoint,
  body: unknown,
  options: Parameters<typeof validateBody>[2] = {},
): string[] {
  return validateBody(url, body, options).map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

function show(value: unknown): readonly [string, unknown] {
  const text = JSON.stringify(value) ?? String(value);
  return [text.length <= 60 ? text : `${text.slice(0, 40)}… (${text.length} characters)`, value];
}
