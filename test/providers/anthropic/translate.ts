import { readRequestLine } from "../../../src/batch-file/index.js";
import { createTranslator, findProfile, type ModelNamesOptions } from "../../../src/providers/index.js";

/** A request line as Anthropic is asked it. */
export function translate(
  body: Record<string, unknown>,
  { url = "/v1/chat/completions", ...names }: { url?: string } & ModelNamesOptions = {},
) {
  const line = readRequestLine(Buffer.from(JSON.stringify({ custom_id: "a", method: "POST", url, body })));
  if (line?.kind !== "request") throw new Error("The line holds no request.");
  const found = createTranslator(findProfile("anthropic"), names)?.translate(line);
  if (found === undefined) throw new Error("Anthropic's lines are its own.");
  const isSaid = found.kind === "translated";
  return {
    params: isSaid ? (JSON.parse(found.body) as Record<string, unknown>) : undefined,
    warnings: isSaid ? found.warnings.map(({ path }) => path) : [],
    obstacles: isSaid ? [] : found.obstacles.map(({ path }) => path),
    found,
  };
}

export const asked = {
  model: "claude-haiku-4-5",
  max_tokens: 50,
  messages: [{ role: "user", content: "Hi" }],
};
