import { describe, isObject } from "../../api/index.js";
import { findJsonFault, tryParseJson, tryToJson } from "../../jsonl/index.js";
import { type AnswerProblem, toProblem } from "./answer-problem.js";
import { isBlank } from "./blank-text.js";

type JsonObject = Readonly<Record<string, unknown>>;

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

/** A call as an endpoint writes it, and whether what it is called with may be any text. */
export interface WrittenCall {
  readonly call: ToolCall;
  readonly isFreeText: boolean;
}

/** A call of a function, or of a custom tool, whose `input` is any text; none where it has no name. */
export function toToolCall(
  id: unknown,
  { name, arguments: given, input }: JsonObject,
): readonly [WrittenCall] | readonly [] {
  if (typeof name !== "string") return [];
  const written = toText(given ?? input);
  const call = {
    id: typeof id === "string" ? id : undefined,
    name,
    arguments: written,
    input: tryParseJson(written),
  };
  return [{ call, isFreeText: given === undefined }];
}

/** Arguments that break off, or are no JSON object: what the tool needs cannot be read. */
export function findBrokenCall(calls: readonly WrittenCall[]): AnswerProblem | undefined {
  // Nearly all answers call none; and what stands before the first of a list is looked for all the way up its prototypes.
  if (calls.length === 0) return undefined;
  const number = calls.findIndex(isBroken);
  const call = calls[number]?.call;
  if (call === undefined) return undefined;
  const { arguments: text, input } = call;
  const found =
    input === undefined
      ? `is not JSON. ${findJsonFault(text).sentence}`
      : `is JSON, but ${describe(input)} and not an object.`;
  const message = `What the tool is called with, ${describe(text)}, ${found}`;
  return toProblem("invalid_json_answer", `toolCalls[${number}].arguments`, message.trim());
}

function isBroken({ call: { arguments: text, input }, isFreeText }: WrittenCall): boolean {
  return !isFreeText && !isObject(input) && !isBlank(text) && !saysNone(input);
}

/**
 * A call with nothing of a function that cannot do without.
 * @param readRequest the body of the request, which is seldom asked for.
 */
export function findUnfilledCall(
  calls: readonly ToolCall[],
  readRequest: () => JsonObject | undefined,
): AnswerProblem | undefined {
  const unfilled = calls.filter(({ arguments: text, input }) => isBlank(text) || saysNone(input));
  if (unfilled.length === 0) return undefined;
  const needy = findNeedyFunctions(readRequest() ?? {});
  const call = unfilled.find(({ name }) => needy.has(name));
  if (call === undefined) return undefined;
  const message = "The tool is called with nothing, and its function has parameters that are required.";
  return toProblem("invalid_json_answer", `toolCalls[${calls.indexOf(call)}].arguments`, message);
}

/** The names of functions with parameters that are required, as chat completions and responses have them, and what was before tools. */
function findNeedyFunctions({ tools, functions }: JsonObject): ReadonlySet<unknown> {
  const all = [tools, functions].flatMap((list) => (Array.isArray(list) ? list : [])).filter(isObject);
  const needy = all
    .map((tool) => (isObject(tool.function) ? tool.function : tool))
    .filter(({ parameters }) => isObject(parameters) && isFilled(parameters.required));
  return new Set(needy.map(({ name }) => name));
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** Some servers write nothing where a tool takes nothing, or what other languages have for it. */
function saysNone(input: unknown): boolean {
  return input === null || (Array.isArray(input) && input.length === 0);
}

/** Some servers write the arguments as an object instead of its JSON text. */
function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  return tryToJson(value) ?? "";
}
