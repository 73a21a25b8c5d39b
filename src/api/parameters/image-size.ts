import { describeName } from "../rule/describe.js";
import { type Rule, wrongType } from "../rule/rule.js";

const fixedSizes: ReadonlySet<string> = new Set([
  "auto",
  "256x256",
  "512x512",
  "1024x1024",
  "1536x1024",
  "1024x1536",
  "1792x1024",
  "1024x1792",
]);

/** A named size, or from gpt-image-2 on any that fits. Source: openai-node 7.57, November 2026. */
export const imageSize: Rule = (value, at) => {
  if (typeof value !== "string") return wrongType(at, "a string", value);
  if (fixedSizes.has(value) || fits(value)) return;
  at.warning(
    "invalid_value",
    `${describeName(value)} is no size known so far.`,
    'Use "auto", or WIDTHxHEIGHT: multiples of 16, no more than 3:1, at most 3840x2160 or 2160x3840.',
  );
};

function fits(size: string): boolean {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(size);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  return (
    long <= 3840 && short <= 2160 && short > 0 && long <= 3 * short && width % 16 === 0 && height % 16 === 0
  );
}
