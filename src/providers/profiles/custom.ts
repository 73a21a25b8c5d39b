import { unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import { openai } from "./openai.js";
import type { Profile } from "./profile.js";

const assumed = unverifiedIn("assumed, as OpenAI does it", "2026-11");
/** Any other service that speaks like OpenAI. */
export const custom: Profile = {
  ...likeOpenAI,
  name: "custom",
  title: "another service",
  baseURLs: assumed([]),
  keyVariable: undefined,
  urls: assumed(openai.urls.value),
  limits: limitsLikeOpenAI,
  remarks: [],
};
