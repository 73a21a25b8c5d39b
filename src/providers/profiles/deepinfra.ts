import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("DeepInfra's batch page", "2026-11");
const users = unverifiedIn("what its users call it", "2026-11");

export const deepinfra: Profile = {
  ...likeOpenAI,
  name: "deepinfra",
  title: "DeepInfra",
  baseURLs: docs(["https://api.deepinfra.com/v1/openai"]),
  keyVariable: users("DEEPINFRA_API_KEY"),
  authentication: docs("bearer"),
  urls: docs({
    "/v1/chat/completions": "/v1/chat/completions",
    "/v1/completions": "/v1/completions",
    "/v1/embeddings": "/v1/embeddings",
  }),
  limits: {
    ...limitsLikeOpenAI,
    requests: docs(50_000),
    megabytes: docs(200),
    embeddingInputs: docs(50_000),
    batchesAtOnce: docs(100),
  },
  windows: docs({ default: "24h", others: [] }),
  priceFactor: docs(0.8),
  remarks: [
    docs("Every failure has `response: null` and an `error`, also one that has a status of HTTP."),
    docs("The error file has what failed and what was cancelled."),
  ],
};
