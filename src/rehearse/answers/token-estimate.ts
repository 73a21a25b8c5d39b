import { isObject } from "../../api/index.js";

/** What a token is in a rehearsal: four characters. */
const charactersPerToken = 4;
const imageTokens = 85;

export function estimateTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** A text in its tokens, none of which splits a character. */
export function splitTokens(text: string): readonly string[] {
  return text.match(/.{1,4}/gsu) ?? [];
}

/** A text as far as `tokens` tokens go. */
export function takeTokens(text: string, tokens: number): string {
  const end = tokens * charactersPerToken;
  if (text.length <= end) return text;
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return text.slice(0, isSplit ? end - 1 : end);
}

/** The tokens of a prompt: a text, a message, an item, a part, or a list of them. */
export function countPromptTokens(prompt: unknown): number {
  if (typeof prompt === "string") return estimateTokens(prompt);
  if (typeof prompt === "number") return 1;
  if (Array.isArray(prompt)) return prompt.reduce<number>((sum, part) => sum + countPromptTokens(part), 0);
  if (!isObject(prompt)) return 0;
  if (prompt.type === "image_url" || prompt.type === "input_image") return imageTokens;
  const { text, content, output, refusal } = prompt;
  const frame = prompt.role === undefined ? 0 : 3;
  return [text, content, output, refusal].reduce<number>((sum, part) => sum + countPromptTokens(part), frame);
}
