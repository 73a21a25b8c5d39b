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
    if (hasTwice(message.tool_calls)) reportTwice(["messages", index, "tool_calls"], at);
    open = new Set(message.tool_calls.map((call: unknown) => (isObject(call) ? call.id : undefined)));
    // A call without an id is a fault of its own.
    if (open.has(undefined)) return;
  }
  if (open.size > 0) reportUnanswered(["messages", caller, "tool_calls"], [...open][0], at);
}

function hasTwice(calls: readonly unknown[]): boolean {
  const ids = calls.flatMap((call) => (isObject(call) && isPresent(call.id) ? [call.id] : []));
  return new Set(ids).size < ids.length;
}

/** Calls whose answers the service is known to look for. */
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
  if (!mayBeElsewhere) ownOutputsHaveCalls(items, at);
  reasoningIsFollowed(items, at);
  for (const [call, output] of Object.entries(outputOf)) {
    const calls = idsOf(items, call);
    const outputs = idsOf(items, output);
    for (const [id, index] of mayBeElsewhere ? [] : outputs) {
      const place = ["input", index, "call_id"];
      const calledAt = calls.get(id);
      if (calledAt === undefined) reportOrphan(place, id, at);
      else if (calledAt > index) reportLikely(place, at, "its call comes after it.", "Put the call first.");
    }
    for (const type of [call, output]) {
      const index = findTwice(items, type);
      if (index !== undefined) reportTwice(["input", index, "call_id"], at);
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

/** Outputs of the service's own tools; that they are refused without their calls is only likely. */
const ownOutputs: Readonly<Record<string, readonly [call: string, id: string]>> = {
  computer_call_output: ["computer_call", "call_id"],
  shell_call_output: ["shell_call", "call_id"],
  apply_patch_call_output: ["apply_patch_call", "call_id"],
  mcp_approval_response: ["mcp_approval_request", "approval_request_id"],
};

function ownOutputsHaveCalls(items: readonly unknown[], at: Inspection): void {
  for (const [index, item] of items.entries()) {
    const own = isObject(item) ? ownOutputs[`${item.type}`] : undefined;
    if (!isObject(item) || own === undefined) continue;
    const [type, key] = own;
    const id = item[key];
    const isThere = items.some(
      (other) => isObject(other) && other.type === type && (other.call_id === id || other.id === id),
    );
    if (!isPresent(id) || isThere) continue;
    const message = `there is no ${type} ${describeName(id)} that it could be the answer to.`;
    reportLikely(
      ["input", index, key],
      at,
      message,
      "Keep the call in front of its answer, or take both out.",
    );
  }
}

/**
 * "Item 'rs_…' of type 'reasoning' was provided without its required following item": OpenAI's answer as public code quotes
 * it, read November 2026, to what a model thought before an item that is gone.
 */
function reasoningIsFollowed(items: readonly unknown[], at: Inspection): void {
  for (const [index, item] of items.entries()) {
    if (!isObject(item) || item.type !== "reasoning") continue;
    const next = items[index + 1];
    const isUsers = isObject(next) && (next.role === "user" || `${next.type}`.endsWith("_output"));
    if (next !== undefined && !isUsers) continue;
    const message = "a reasoning item has to be followed by the item that it led to.";
    reportAt(["input", index], at, message, "Keep what the model did after it, or take it out.");
  }
}

/** The place of the second item of a type with a call id that another has. */
function findTwice(items: readonly unknown[], type: string): number | undefined {
  const seen = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    if (!isObject(item) || item.type !== type || !isPresent(item.call_id)) continue;
    if (seen.has(item.call_id)) return index;
    seen.add(item.call_id);
  }
  return undefined;
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

function reportTwice(place: readonly (string | number)[], at: Inspection): void {
  reportLikely(place, at, "another has the same id.", "Give each call an id of its own, and one answer.");
}

function reportLikely(
  [step, ...rest]: readonly (string | number)[],
  at: Inspection,
  message: string,
  hint: string,
): void {
  if (step === undefined) at.warning("likely_refused", message, hint);
  else at.inside(step, () => reportLikely(rest, at, message, hint));
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
