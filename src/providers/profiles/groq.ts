import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("Groq's batch page", "2026-11");
const sdk = readIn("groq-sdk 1.6", "2026-11");
const recorded = readIn("recorded files", "2026-11");

export const groq: Profile = {
  ...likeOpenAI,
  name: "groq",
  title: "Groq",
  baseURLs: docs(["https://api.groq.com/openai/v1"]),
  keyVariable: sdk("GROQ_API_KEY"),
  authentication: sdk("bearer"),
  urls: docs({
    "/v1/chat/completions": "/v1/chat/completions",
    "/v1/audio/transcriptions": null,
    "/v1/audio/translations": null,
  }),
  limits: {
    requests: docs(50_000),
    megabytes: docs(200),
    models: docs("several"),
    endpoints: docs("several"),
    needsJsonlName: unverifiedIn("assumed, as OpenAI does it", "2026-11")(true),
  },
  windows: docs({ default: "24h", others: ["7d"] }),
  priceFactor: docs(0.5),
  discountsCachedInput: docs(false),
  priceList: "groq",
  remarks: [
    docs("Models and endpoints may be mixed in one file."),
    docs("A window longer than 24 hours is recommended; any up to 7 days is taken."),
    docs("The price of a batch is not lowered further for cached prompts."),
    recorded("A line has `/v1/chat/completions`, although the base URL has `/openai/v1`."),
    sdk("Its SDK speaks of 100 MB a file."),
    sdk("The list of batches has no pages."),
  ],
};
