import { tryParseJson } from "../../jsonl/index.js";

/** A tool that the model wants called. */
export interface ToolCall {
  /** Names the call, for the answer to it. */
  readonly id: string | undefined;
  readonly name: string;
  /** The arguments as the model wrote them. */
  readonly arguments: string;
  /** The arguments as a value; `undefined` where they are not JSON. */
  readonly input: unknown;
}

/** A call of a function, or of a custom tool, whose `input` is any text; none where it has no name. */
export function toToolCall(
  id: unknown,
  { name, arguments: given, input }: Readonly<Record<string, unknown>>,
): readonly [ToolCall] | readonly [] {
  if (typeof name !== "string") return [];
  const written = toText(given ?? input);
  return [
    { id: typeof id === "string" ? id : undefined, name, arguments: written, input: tryParseJson(written) },
  ];
}

/** Some servers write the arguments as an object instead of its JSON text. */
function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  try {
    return JSON.stringify(value);
  } catch {
    // Nested too deep to be written.
    return "";
  }
}
