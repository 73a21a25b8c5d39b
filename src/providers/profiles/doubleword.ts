import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("Doubleword's pages", "2026-11");
const reported = unverifiedIn("a guide by one of its users", "2026-11");

export const doubleword: Profile = {
  ...likeOpenAI,
  name: "doubleword",
  title: "Doubleword",
  baseURLs: docs(["https://api.doubleword.ai/v1"]),
  keyVariable: reported("DOUBLEWORD_API_KEY"),
  authentication: reported("bearer"),
  urls: reported({
    "/v1/chat/completions": "/v1/chat/completions",
    "/v1/responses": "/v1/responses",
    "/v1/embeddings": "/v1/embeddings",
  }),
  limits: {
    ...limitsLikeOpenAI,
    megabytes: reported(200),
    ids: reported({ minLength: 1, maxLength: 64, isPlain: false }),
  },
  windows: docs({ default: "24h", others: ["1h"] }),
  priceList: "doubleword",
  remarks: [docs("A window of 1 hour costs more; each model has prices of its own for each window.")],
};
