import { describe, isObject } from "../../api/index.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { RehearsedError, toMissingParameter, toWrongParameter } from "./rehearsed-error.js";

type Body = Readonly<Record<string, unknown>>;

/** A required text. */
export function readText(body: Body, name: string): string {
  const text = readOptionalText(body, name);
  if (text === undefined) throw toMissingParameter(name);
  return text;
}

export function readOptionalText(body: Body, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw toWrongParameter(name, "a string", value);
}

/** A required list with something in it. */
export function readList(body: Body, name: string): readonly unknown[] {
  const list = readOptionalList(body, name);
  if (list === undefined) throw toMissingParameter(name);
  if (list.length > 0) return list;
  throw new RehearsedError(400, `Invalid '${name}': empty array. Expected an array with minimum length 1.`, {
    param: name,
    code: "empty_array",
  });
}

export function readOptionalList(body: Body, name: string): readonly unknown[] | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || Array.isArray(value)) return value;
  throw toWrongParameter(name, "an array", value);
}

export function readOptionalObject(body: Body, name: string): Body | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || isObject(value)) return value;
  throw toWrongParameter(name, "an object", value);
}

/** What OpenAI takes. */
interface CountRange {
  readonly min: number;
  readonly max?: number;
}

/** So many of a thing are made up where it is not OpenAI that limits it. */
const mostElsewhere = 1024;

export function readCount(
  { body, target }: Pick<EndpointRequest, "body" | "target">,
  name: string,
  range: CountRange,
): number | undefined {
  const { min, max = Infinity } = target === "upload" ? range : widen(range);
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!Number.isInteger(value)) throw toWrongParameter(name, "an integer", value);
  const count = Number(value);
  if (count >= min && count <= max) return count;
  const bound = count < min ? `minimum value ${min}` : `maximum value ${max}`;
  throw new RehearsedError(400, `Invalid '${name}': ${describe(value)}. Expected the ${bound}.`, {
    param: name,
    code: count < min ? "integer_below_min_value" : "integer_above_max_value",
  });
}

function widen({ min, max = Infinity }: CountRange): CountRange {
  return { min: Math.min(min, 1), max: Math.max(max, mostElsewhere) };
}

/** A stream is not a body. */
export function refuseStream(body: Body): void {
  if (body.stream !== true) return;
  throw new RehearsedError(400, "Streaming is supported neither in the Batch API nor in a rehearsal.", {
    param: "stream",
    code: "streaming_unsupported",
  });
}
