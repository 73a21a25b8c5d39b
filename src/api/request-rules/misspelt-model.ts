import { nearestName } from "../rule/nearest-name.js";

/** Names of models without their dates. Source: openai-node 7.57 and OpenAI's documentation, November 2026. */
const known = [
  ..."gpt-6-astra gpt-6.1-sol gpt-6.1-terra gpt-6-sol gpt-6-luna gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna".split(
    " ",
  ),
  ..."gpt-5.5 gpt-5.4 gpt-5.4-mini gpt-5.4-nano gpt-5.4-pro gpt-5.2 gpt-5.2-pro gpt-5.1 gpt-5.1-codex".split(
    " ",
  ),
  ..."gpt-5 gpt-5-mini gpt-5-nano gpt-5-pro gpt-5-codex gpt-5-chat-latest gpt-4.1 gpt-4.1-mini gpt-4.1-nano".split(
    " ",
  ),
  ..."gpt-4o gpt-4o-mini gpt-4 gpt-4-turbo gpt-3.5-turbo chatgpt-4o-latest o1-mini o1-pro o3-mini o3-pro o4-mini".split(
    " ",
  ),
  ..."text-embedding-3-small text-embedding-3-large text-embedding-ada-002".split(" "),
  ..."omni-moderation-latest text-moderation-latest gpt-image-2 gpt-image-1.5 gpt-image-1-mini".split(" "),
];
const knownNames = new Set(known);
const maxSlips = 2;

/**
 * The model that was probably meant by one that nobody knows. Where only figures differ, it may be a newer one; a name with
 * an owner is another service's.
 */
export function misspeltModel(model: string): string | undefined {
  const name = model.replace(/-\d{4}-\d{2}-\d{2}$/, "");
  if (knownNames.has(name) || name.length < 4 || name.length > 40 || !/^[\w.-]+$/.test(name))
    return undefined;
  if (knownNames.has(name.toLowerCase())) return name.toLowerCase();
  const letters = withoutFigures(name);
  return nearestName(
    name,
    known.filter((other) => other[0] === name[0] && withoutFigures(other) !== letters),
    // One slip is much of a short name.
    name.length < 6 ? 1 : maxSlips,
  );
}

function withoutFigures(name: string): string {
  return name.replace(/[\d.]/g, "");
}
