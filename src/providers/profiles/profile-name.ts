/** The services that openbatch knows, in the order of its pages. */
export const profileNames = [
  "openai",
  "azure",
  "groq",
  "deepinfra",
  "parasail",
  "doubleword",
  "moonshot",
  "alibaba",
  "siliconflow",
  "ovhcloud",
  "perplexity",
  "zhipu",
  "anthropic",
  "local",
  "custom",
] as const;

/** The name of a service that openbatch knows. */
export type ProfileName = (typeof profileNames)[number];
