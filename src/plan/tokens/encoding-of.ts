/** A table that cuts texts into tokens. */
export type EncodingName = "o200k_base" | "o200k_harmony" | "cl100k_base";

export interface ModelEncoding {
  readonly name: EncodingName;
  /** Whether it is known to be the model's own; later models may have another. */
  readonly isKnown: boolean;
}

/** Source: gpt-tokenizer 4.0 and OpenAI's pages on its models, November 2026. */
const encodings: readonly (readonly [RegExp, ModelEncoding])[] = [
  [/^gpt-oss/, { name: "o200k_harmony", isKnown: true }],
  [/^(?:gpt-4o|gpt-4\.1|gpt-4\.5|gpt-5|chatgpt-4o|o[134])(?:[-.:]|$)/, { name: "o200k_base", isKnown: true }],
  [/^(?:text-embedding-|gpt-4|gpt-3\.5)/, { name: "cl100k_base", isKnown: true }],
  [/^(?:gpt-|chatgpt-|omni-moderation)/, { name: "o200k_base", isKnown: false }],
];

/** The encoding of a model, where it is published or can be supposed. */
export function encodingOf(model: string | undefined): ModelEncoding | undefined {
  const name = (model ?? "").replace(/^(?:ft:|openai\/)/, "");
  return encodings.find(([pattern]) => pattern.test(name))?.[1];
}
