/**
 * How services say that an answer may not be let as long as was asked, read November 2026. OpenAI and what follows it: "This
 * model supports at most 16384 completion tokens"; Anthropic: "max_tokens: 65537 > 64000, which is the maximum allowed number of
 * output tokens"; Doubao: "max_completion_tokens ... expected a value <= 12288".
 */
const saidLimits = [
  /supports at most (\d+) (?:completion|output) tokens/i,
  /> (\d+), which is the maximum allowed number of output tokens/i,
  /(?:max_completion_tokens|max_output_tokens|max_tokens)\b.*expected a value <= (\d+)/is,
];

/** How many tokens an answer of the model may have, where a service says it in a refusal. */
export function readOutputLimit(message: string): number | undefined {
  const digits = saidLimits.map((said) => said.exec(message)?.[1]).find((found) => found !== undefined);
  return digits === undefined ? undefined : Number(digits);
}
