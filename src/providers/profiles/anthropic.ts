import { readIn } from "./fact.js";
import { likeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("Anthropic's pages on Message Batches", "2026-11");
const recorded = readIn("recorded exchanges", "2026-08");

export const anthropic: Profile = {
  ...likeOpenAI,
  name: "anthropic",
  title: "Anthropic",
  lines: "anthropic",
  baseURLs: docs(["https://api.anthropic.com/v1"]),
  keyVariable: docs("ANTHROPIC_API_KEY"),
  authentication: docs("x-api-key"),
  // The newer version refuses temperature and top_p, which most chat completions have.
  headers: { "anthropic-version": "2023-06-01" },
  urls: docs({ "/v1/messages": null }),
  limits: {
    requests: docs(100_000),
    megabytes: docs(256),
    frameBytes: docs('{"requests":[]}'.length),
    models: docs("several"),
    endpoints: docs("one"),
    ids: recorded({ minLength: 1, maxLength: 64, isPlain: true }),
    needsJsonlName: docs(false),
  },
  windows: docs({ default: "24h", others: [] }),
  statuses: recorded({ in_progress: "running", canceling: "stopping", ended: "ended" }),
  times: recorded("texts"),
  priceFactor: docs(0.5),
  priceList: "anthropic",
  remarks: [
    docs("There is no file: all requests are in the call that makes the batch, and have another shape."),
    docs("Half the price also of what is written to the cache and read from it."),
    docs("A wrong request fails alone; a wrong id refuses the whole batch."),
    docs("Results can be fetched for 29 days."),
    readIn(
      "openbatch itself",
      "2026-11",
    )("Chat completions are said in its words, and its own requests go as they are: docs/anthropic.md."),
  ],
};
