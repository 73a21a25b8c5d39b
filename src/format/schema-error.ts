import type { SchemaProblem } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";

const maxListed = 20;

export const useJsonType = "Use types that JSON has: string, number, boolean, null, array, object.";

/** Thrown for a schema that the service would refuse, or that has no JSON Schema. */
export class SchemaError extends OpenbatchError {
  override readonly name = "SchemaError";
  /** Everything that stands in the way, each with its place and the way out. */
  readonly problems: readonly SchemaProblem[];

  constructor(problems: readonly SchemaProblem[], { cause }: { readonly cause?: unknown } = {}) {
    const [first] = problems;
    super("invalid_schema", toMessage(problems), {
      ...(first !== undefined && problems.length === 1 ? { hint: first.hint } : {}),
      ...(cause === undefined ? {} : { cause }),
    });
    this.problems = problems;
  }
}

/** The error for a schema that a library could not convert. */
export function refusedConversion(cause: unknown): SchemaError {
  return conversionError(`no JSON Schema can be made of it: ${reasonOf(cause)}`, useJsonType, cause);
}

/** The library's own words, which name types of the schema; cut, in case they show more. */
function reasonOf(cause: unknown): string {
  const [line = ""] = (cause instanceof Error ? cause.message : "it says no more").split("\n");
  return line.length <= 200 ? `${line.replace(/\.$/, "")}.` : `${line.slice(0, 200)}…`;
}

/** The error for a schema that there is no JSON Schema of. */
export function conversionError(message: string, hint: string = useJsonType, cause?: unknown): SchemaError {
  return new SchemaError([{ pointer: "#", severity: "error", code: "invalid_schema", message, hint }], {
    cause,
  });
}

function toMessage(problems: readonly SchemaProblem[]): string {
  const lines = problems
    .slice(0, maxListed)
    .map(({ pointer, message, hint }) => `\n  ${pointer}: ${message} ${hint}`);
  const others = problems.length - lines.length;
  if (others > 0) lines.push(`\n  and ${others} more`);
  return `The schema cannot be used for structured output.${lines.join("")}`;
}
