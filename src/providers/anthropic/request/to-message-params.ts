import { describe } from "../../../api/index.js";
import { formatCount } from "../../../errors/index.js";
import type { MessageParams } from "./message-params.js";
import { noteParameters } from "./note-parameters.js";
import { isGiven } from "./to-content.js";
import { toMessages } from "./to-messages.js";
import { toOutputConfig } from "./to-output-config.js";
import { toTools } from "./to-tools.js";
import type { TranslationNotes } from "./translation-notes.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What an answer may have where the request sets no limit: Anthropic wants one, and every model of its takes this. */
export const defaultMaxTokens = 4_096;

/** Says the body of a chat completion as one of `/v1/messages`. It may be sent only where the notes name no obstacle. */
export function toMessageParams(body: JsonObject, model: string, notes: TranslationNotes): MessageParams {
  noteParameters(body, notes);
  return {
    model,
    max_tokens: toMaxTokens(body, notes),
    ...toMessages(body.messages, notes),
    ...toSampling(body, notes),
    ...toStop(body.stop, notes),
    ...toTools(body, notes),
    ...toOutputConfig(body, notes),
    ...toUser(body, notes),
  };
}

function toMaxTokens({ max_tokens, max_completion_tokens }: JsonObject, notes: TranslationNotes): number {
  const isBoth = isGiven(max_tokens) && isGiven(max_completion_tokens);
  if (isBoth && max_tokens !== max_completion_tokens)
    notes.refuse("body.max_tokens", "It says other than max_completion_tokens.", "Keep one of them.");
  const [name, value] = isGiven(max_completion_tokens)
    ? ["max_completion_tokens", max_completion_tokens]
    : ["max_tokens", max_tokens];
  if (!isGiven(value)) {
    notes.warn(
      "body.max_completion_tokens",
      `absent, and Anthropic wants it: answers may have ${formatCount(defaultMaxTokens)} tokens.`,
    );
    return defaultMaxTokens;
  }
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  notes.refuseOdd(`body.${name}`, value, "a whole number, 1 or more");
  return defaultMaxTokens;
}

function toSampling({ temperature, top_p }: JsonObject, notes: TranslationNotes) {
  if (isGiven(temperature) && !isBetween(temperature, 0, 1))
    notes.refuse(
      "body.temperature",
      `Anthropic takes 0 to 1, and this is ${describe(temperature)}.`,
      "Choose one that it takes: the two scales are not the same.",
    );
  if (isGiven(top_p) && !isBetween(top_p, 0, 1)) notes.refuseOdd("body.top_p", top_p, "a number from 0 to 1");
  const left =
    typeof temperature === "number" && typeof top_p === "number"
      ? leaveOne(temperature, top_p, notes)
      : undefined;
  return {
    ...(typeof temperature === "number" && left !== "temperature" ? { temperature } : {}),
    ...(typeof top_p === "number" && left !== "top_p" ? { top_p } : {}),
  };
}

/**
 * Models since Claude Opus 4.1 refuse both together, and each of the two is 1 where it is absent. Source: their error in the trackers of
 * many clients, August 2025 to May 2026.
 */
function leaveOne(temperature: number, top_p: number, notes: TranslationNotes): string | undefined {
  const left = top_p === 1 ? "top_p" : temperature === 1 ? "temperature" : undefined;
  if (left !== undefined) notes.warn(`body.${left}`, "left out: 1 is what Anthropic does anyway.");
  else notes.warn("body.top_p", "models since Claude Opus 4.1 are reported to refuse it beside temperature.");
  return left;
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

function toStop(stop: unknown, notes: TranslationNotes): Pick<MessageParams, "stop_sequences"> {
  if (!isGiven(stop)) return {};
  const list: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
  const texts = list.filter((text) => typeof text === "string");
  if (texts.length < list.length) notes.refuseOdd("body.stop", stop, "a string, or an array of strings");
  if (texts.some((text) => text.trim() === ""))
    notes.warn("body.stop", "Anthropic is known to refuse one that is only white space.");
  return { stop_sequences: texts };
}

/** Two names for who asks; the newer one counts. */
function toUser({ user, safety_identifier }: JsonObject, notes: TranslationNotes) {
  if (isGiven(user) && isGiven(safety_identifier) && user !== safety_identifier)
    notes.warn("body.user", "left out: safety_identifier is sent.");
  const [name, id] = isGiven(safety_identifier) ? ["safety_identifier", safety_identifier] : ["user", user];
  const user_id = isGiven(id) ? notes.text(`body.${name}`, id) : undefined;
  return user_id === undefined ? {} : { metadata: { user_id } };
}
