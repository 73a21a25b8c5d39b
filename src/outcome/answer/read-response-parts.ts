import { isObject } from "../../api/index.js";
import { type AnswerParts, noParts } from "./answer-parts.js";
import { type AnswerProblem, toProblem } from "./answer-problem.js";
import { isBlank } from "./blank-text.js";
import { findBrokenCall, toToolCall, type WrittenCall } from "./to-tool-call.js";

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
  return {
    text,
    candidates: written.length > 1 ? written : noParts.candidates,
    refusal,
    finish: readFinish(body, calls),
    toolCalls: calls.map(({ call }) => call),
    embeddings: noParts.embeddings,
    isEmpty: isBlank(text) && refusal === undefined && !output.some(isOfUse),
    problem: findUnfinished(body, { output, answers }) ?? findBrokenCall(calls),
  };
}

/** What the service did on its own way to an answer: without one, it is none. */
const ownDoing: ReadonlySet<unknown> = new Set(
  "reasoning message web_search_call file_search_call mcp_call mcp_list_tools".split(" "),
);

/** Whether an item is of use without a text. */
function isOfUse({ type, result }: JsonObject): boolean {
  return type === "image_generation_call" ? typeof result === "string" && result !== "" : !ownDoing.has(type);
}

/** Some servers write an item each time that they have more of it: the last one of an id counts, at the place of the first. */
function toItems(output: unknown): readonly JsonObject[] {
  const items = Array.isArray(output) ? output.filter(isObject) : [];
  const byId = new Map<unknown, JsonObject>();
  for (const [position, item] of items.entries())
    byId.set(typeof item.id === "string" && item.id !== "" ? item.id : position, item);
  return [...byId.values()];
}

/** What a model says on its way, and what it did not end, is not its answer. */
function findAnswers(messages: readonly JsonObject[]): readonly JsonObject[] {
  const whole = messages.filter((message) => !isUnfinished(message));
  const final = whole.filter(({ phase }) => phase === "final_answer");
  if (final.length > 0) return final;
  return whole.filter(({ phase }) => phase !== "commentary");
}

/** How servers say that something is not at its end. */
const underWay: ReadonlySet<unknown> = new Set("in_progress queued pending running processing".split(" "));

function isUnfinished({ status }: JsonObject): boolean {
  return underWay.has(status) || status === "incomplete";
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
  return isCall(item) ? toToolCall(item.call_id, item) : [];
}

function isCall({ type }: JsonObject): boolean {
  return type === "function_call" || type === "custom_tool_call";
}

function findUnfinished(
  { status }: JsonObject,
  { output, answers }: Readonly<Record<"output" | "answers", readonly JsonObject[]>>,
): AnswerProblem | undefined {
  if (underWay.has(status)) {
    const message = `The response was not at its end when it was written (${status}).`;
    return toProblem("truncated_answer", "finish", message);
  }
  // With whatever reason.
  if (status === "incomplete") return toProblem("truncated_answer", "finish", "The response is incomplete.");
  const unfinished = output.find((item) => {
    const isAnswer = item.type === "message" ? answers.length === 0 : isCall(item);
    return isAnswer && isUnfinished(item);
  });
  if (unfinished === undefined) return undefined;
  const what = unfinished.type === "message" ? "message" : "tool call";
  const message = `The ${what} of the response is not at its end (${unfinished.status}).`;
  return toProblem("truncated_answer", what === "message" ? "text" : "toolCalls", message);
}

/** In the words of chat completions. */
function readFinish({ status, incomplete_details }: JsonObject, calls: readonly unknown[]) {
  if (status === "completed") return calls.length > 0 ? "tool_calls" : "stop";
  if (status !== "incomplete") return typeof status === "string" ? status : undefined;
  const reason = isObject(incomplete_details) ? incomplete_details.reason : undefined;
  if (reason === "max_output_tokens") return "length";
  return typeof reason === "string" ? reason : "incomplete";
}
