import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("Perplexity's batch page", "2026-11");

export const perplexity: Profile = {
  ...likeOpenAI,
  name: "perplexity",
  title: "Perplexity",
  baseURLs: docs(["https://api.perplexity.ai/v1"]),
  keyVariable: docs("PERPLEXITY_API_KEY"),
  authentication: docs("bearer"),
  urls: unverifiedIn("not read anywhere", "2026-11")({}),
  limits: { ...limitsLikeOpenAI, requests: docs(50_000), megabytes: docs(200) },
  refusals: { blankLines: docs(true) },
  priceList: "perplexity",
  remarks: [
    docs("Requests are those of its Agent API, also with its own tools, such as `web_search`."),
    docs("A file is checked line by line at its upload; `expires_after` is refused there."),
    docs("Not for organisations without data retention; files are kept for 30 days."),
  ],
};
