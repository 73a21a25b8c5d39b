import { describe } from "../rule/describe.js";
import { inspectCharacters } from "../rule/half-characters.js";
import type { Inspection } from "../rule/inspection.js";

/** Ids that every service takes. Source: Anthropic's own rule; OpenAI publishes none, November 2026. */
const portableId = /^[a-zA-Z0-9_-]{1,64}$/;

/** Whether nothing is to be said of an id, which is quicker to ask than {@link inspectCustomId}. */
export function isPortableId(id: unknown): id is string {
  return typeof id === "string" && portableId.test(id);
}

/** The rules over one `custom_id`; that it is unique is the business of the whole file. */
export function inspectCustomId(id: unknown, at: Inspection): void {
  if (typeof id !== "string" || id === "") {
    at.error("invalid_custom_id", `expected a non-empty string, found ${describe(id)}.`);
  } else if (!isPortableId(id)) {
    at.warning("non_portable_custom_id", "some services refuse such an id.");
    inspectCharacters(id, at);
  }
}
