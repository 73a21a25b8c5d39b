import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("Moonshot's batch page", "2026-11");
const users = unverifiedIn("what its users call it", "2026-11");

export const moonshot: Profile = {
  ...likeOpenAI,
  name: "moonshot",
  title: "Moonshot",
  baseURLs: docs(["https://api.moonshot.ai/v1", "https://api.moonshot.cn/v1"]),
  keyVariable: users("MOONSHOT_API_KEY"),
  authentication: docs("bearer"),
  urls: docs({ "/v1/chat/completions": "/v1/chat/completions" }),
  limits: { ...limitsLikeOpenAI, megabytes: docs(100), models: docs("one"), endpoints: docs("one") },
  refusals: {
    parameters: docs(["temperature", "top_p", "n", "presence_penalty", "frequency_penalty"]),
    onlyModels: docs(["kimi-k2.5", "kimi-k2.6"]),
  },
  windows: docs({ default: "24h", others: ["12h", "7d"] }),
  priceFactor: docs(0.6),
  priceList: "moonshotai",
  remarks: [
    docs("Any window from 12 hours to 7 days is taken."),
    docs("In a result `id` is the custom_id, and `request_id` is empty."),
  ],
};
