import { isObject } from "../../api/index.js";
import { type AnswerParts, noParts } from "./answer-parts.js";
import { type AnswerProblem, toProblem } from "./answer-problem.js";
import { findBrokenCall, isBlank, toToolCall, type WrittenCall } from "./to-tool-call.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The messages and tool calls among the output of a response; there may be none of either. */
export function readResponseParts(body: JsonObject): AnswerParts {
  const output = toItems(body.output);
  const messages = output.filter(({ type }) => type === "message");
  const answers = findAnswers(messages);
  const contents = answers.flatMap(contentOf);
  const texts = answers.map((message) => join(contentOf(message), "output_text", "text"));
  const written = texts.filter((text) => text !== undefined);
  const text = written.length === 0 ? undefined : written.join("");
  const refusal = join(contents, "refusal", "refusal");
  const calls = output.flatMap(readCall);
  const hasOther = output.some(({ type }) => type !== "reasoning" && type !== "message");
  return {
    ...noParts,
    text,
    candidates: written.length > 1 ? written : noParts.candidates,
    refusal,
    finish: readFinish(body, calls),
    toolCalls: calls.map(({ call }) => call),
    isEmpty: isBlank(text) && refusal === undefined && !hasOther,
    problem: findUnfinished(body, { messages, answers }) ?? findBrokenCall(calls),
  };
}

/** Some servers write an item each time that they have more of it: the last one of an id counts, at the place of the first. */
function toItems(output: unknown): readonly JsonObject[] {
  const items = Array.isArray(output) ? output.filter(isObject) : [];
  const byId = new Map<unknown, JsonObject>();
  for (const [position, item] of items.entries())
    byId.set(typeof item.id === "string" ? item.id : position, item);
  return [...byId.values()];
}

/** What a model says on its way, and what it did not end, is not its answer. */
function findAnswers(messages: readonly JsonObject[]): readonly JsonObject[] {
  const whole = messages.filter((message) => !isUnfinished(message));
  const final = whole.filter(({ phase }) => phase === "final_answer");
  if (final.length > 0) return final;
  return whole.filter(({ phase }) => phase !== "commentary");
}

function isUnfinished({ status }: JsonObject): boolean {
  return status === "in_progress" || status === "queued" || status === "incomplete";
}

function contentOf({ content }: JsonObject): readonly JsonObject[] {
  return Array.isArray(content) ? content.filter(isObject) : [];
}

function join(contents: readonly JsonObject[], type: string, member: string): string | undefined {
  let joined: string | undefined;
  for (const content of contents) {
    const text = content.type === type ? content[member] : undefined;
    if (typeof text === "string") joined = (joined ?? "") + text;
  }
  return joined;
}

function readCall(item: JsonObject): readonly WrittenCall[] {
  const isCall = item.type === "function_call" || item.type === "custom_tool_call";
  return isCall ? toToolCall(item.call_id, item) : [];
}

function findUnfinished(
  { status }: JsonObject,
  { messages, answers }: Readonly<Record<"messages" | "answers", readonly JsonObject[]>>,
): AnswerProblem | undefined {
  if (status === "in_progress" || status === "queued")
    return toProblem(
      "truncated_answer",
      "finish",
      `The response was not at its end when it was written (${status}).`,
    );
  const unfinished = answers.length > 0 ? undefined : messages.find(isUnfinished);
  if (unfinished === undefined) return undefined;
  return toProblem(
    "truncated_answer",
    "text",
    `The message of the response is not at its end (${unfinished.status}).`,
  );
}

/** In the words of chat completions. */
function readFinish({ status, incomplete_details }: JsonObject, calls: readonly unknown[]) {
  if (status === "completed") return calls.length > 0 ? "tool_calls" : "stop";
  if (status !== "incomplete") return typeof status === "string" ? status : undefined;
  const reason = isObject(incomplete_details) ? incomplete_details.reason : undefined;
  if (reason === "max_output_tokens") return "length";
  return typeof reason === "string" ? reason : "incomplete";
}
