import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import { openai } from "./openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("SiliconFlow's batch page", "2026-11");
const reported = unverifiedIn("reports of its users", "2026-11");

export const siliconflow: Profile = {
  ...likeOpenAI,
  name: "siliconflow",
  title: "SiliconFlow",
  baseURLs: docs(["https://api.siliconflow.cn/v1"]),
  keyVariable: reported("SILICONFLOW_API_KEY"),
  authentication: docs("bearer"),
  urls: docs({ "/v1/chat/completions": "/v1/chat/completions" }),
  limits: limitsLikeOpenAI,
  windows: reported({ default: "24h", others: [] }),
  statuses: docs({ in_queue: "waiting", ...openai.statuses.value }),
  priceFactor: reported(0.5),
  remarks: [
    docs(
      'A batch begins as `in_queue`; `replace: {"model": …}` at its creation overrides the models of all lines.',
    ),
    reported("Counts may be null."),
  ],
};
