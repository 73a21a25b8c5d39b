import { describeName } from "../rule/describe.js";
import type { Inspection } from "../rule/inspection.js";
import { isPresent } from "../rule/is-present.js";
import { isObject } from "../rule/rule.js";

type Body = Readonly<Record<string, unknown>>;

/**
 * Each call of a conversation has its answer, and each answer its call.
 * Source: OpenAI's answers "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'" and "An
 * assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'", November 2026.
 */
export function chatCallsAreAnswered({ messages }: Body, at: Inspection): void {
  if (!Array.isArray(messages)) return;
  let open = new Set<unknown>();
  let caller = -1;
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) return;
    if (message.role === "tool") {
      const id = message.tool_call_id;
      if (!isPresent(id)) return;
      if (!open.delete(id)) reportOrphan(["messages", index, "tool_call_id"], id, at);
      continue;
    }
    if (open.size > 0) break;
    if (message.role !== "assistant" || !Array.isArray(message.tool_calls)) continue;
    caller = index;
    open = new Set(message.tool_calls.map((call: unknown) => (isObject(call) ? call.id : undefined)));
    // A call without an id is a fault of its own.
    if (open.has(undefined)) return;
  }
  if (open.size > 0) reportUnanswered(["messages", caller, "tool_calls"], [...open][0], at);
}

const outputOf: Readonly<Record<string, string>> = {
  function_call: "function_call_output",
  custom_tool_call: "custom_tool_call_output",
};

/**
 * The same in the items of responses, where the calls may be in what is gone on with.
 * Source: OpenAI's answers "No tool call found for function call output with call_id …" and "No tool output found for
 * function call …", November 2026.
 */
export function responsesCallsAreAnswered(body: Body, at: Inspection): void {
  const { input } = body;
  if (!Array.isArray(input)) return;
  const items: readonly unknown[] = input;
  const goesOn =
    isPresent(body.previous_response_id) || isPresent(body.conversation) || isPresent(body.prompt);
  const mayBeElsewhere = goesOn || items.some(isReference);
  for (const [call, output] of Object.entries(outputOf)) {
    const calls = idsOf(items, call);
    const outputs = idsOf(items, output);
    for (const [id, index] of mayBeElsewhere ? [] : outputs) {
      if (!calls.has(id)) reportOrphan(["input", index, "call_id"], id, at);
    }
    for (const [id, index] of mayBeElsewhere ? [] : calls) {
      if (!outputs.has(id)) reportUnanswered(["input", index, "call_id"], id, at);
    }
  }
}

function isReference(item: unknown): boolean {
  return (
    isObject(item) && (item.type === "item_reference" || (!isPresent(item.type) && item.role === undefined))
  );
}

/** The call ids of all items of a type, each with its place. */
function idsOf(items: readonly unknown[], type: string): ReadonlyMap<unknown, number> {
  const ids = new Map<unknown, number>();
  for (const [index, item] of items.entries()) {
    if (isObject(item) && item.type === type && isPresent(item.call_id)) ids.set(item.call_id, index);
  }
  return ids;
}

function reportOrphan(place: readonly (string | number)[], id: unknown, at: Inspection): void {
  const message = `there is no call ${describeName(id)} before it that it could be the answer to.`;
  reportAt(place, at, message, "Keep the assistant's call in front of its answer, or take both out.");
}

function reportUnanswered(place: readonly (string | number)[], id: unknown, at: Inspection): void {
  const message = `the call ${describeName(id)} has no answer.`;
  reportAt(place, at, message, "Put the answer of the tool right after it, or take the call out.");
}

function reportAt(
  [step, ...rest]: readonly (string | number)[],
  at: Inspection,
  message: string,
  hint: string,
): void {
  if (step === undefined) at.refused("invalid_value", message, hint);
  else at.inside(step, () => reportAt(rest, at, message, hint));
}
