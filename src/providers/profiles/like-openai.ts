import { maxEmbeddingInputsPerBatch, maxRequestsPerBatch } from "../../api/index.js";
import { unverifiedIn } from "./fact.js";
import { openai } from "./openai.js";
import type { Profile } from "./profile.js";

const assumed = unverifiedIn("assumed, as OpenAI does it", "2026-11");

/** What is taken for granted of a service that speaks like OpenAI, where nothing else is known of it. */
export const likeOpenAI = {
  lines: "openai",
  refusals: {},
  authentication: assumed("bearer"),
  windows: assumed(openai.windows.value),
  statuses: assumed(openai.statuses.value),
  times: assumed("seconds"),
  hasEmptyErrorFile: assumed(false),
  redirectsDownloads: assumed(false),
  priceFactor: undefined,
  priceList: undefined,
  pollSeconds: unverifiedIn("our own choice", "2026-11")(30),
} as const satisfies Partial<Profile>;

/** The same of its batches. */
export const limitsLikeOpenAI = {
  requests: assumed(maxRequestsPerBatch),
  megabytes: assumed(200),
  embeddingInputs: assumed(maxEmbeddingInputsPerBatch),
  models: assumed("one"),
  endpoints: assumed("one"),
  needsJsonlName: assumed(true),
} as const satisfies Partial<Profile["limits"]>;
