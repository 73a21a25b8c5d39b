import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("OVHcloud's pages on AI Endpoints", "2026-11");
const others = unverifiedIn("pages of tools that use it", "2026-11");

export const ovhcloud: Profile = {
  ...likeOpenAI,
  name: "ovhcloud",
  title: "OVHcloud",
  baseURLs: docs(["https://oai.endpoints.kepler.ai.cloud.ovh.net/v1"]),
  keyVariable: others("OVH_AI_ENDPOINTS_ACCESS_TOKEN"),
  authentication: docs("bearer"),
  urls: docs({
    "/v1/chat/completions": "/v1/chat/completions",
    "/v1/responses": "/v1/responses",
    "/v1/embeddings": "/v1/embeddings",
  }),
  limits: {
    ...limitsLikeOpenAI,
    requests: docs(50_000),
    megabytes: docs(200),
    batchesAtOnce: docs(5),
  },
  windows: docs({ default: "24h", others: ["48h", "72h"] }),
  priceList: "ovhcloud",
  remarks: [],
};
