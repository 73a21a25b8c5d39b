import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI } from "./like-openai.js";
import { openai } from "./openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("Microsoft's Azure OpenAI batch pages", "2026-11");
const users = unverifiedIn("what its users call it", "2026-11");
const clients = readIn("clients tried against the service", "2026-11");

export const azure: Profile = {
  ...likeOpenAI,
  name: "azure",
  title: "Azure OpenAI",
  baseURLs: docs(["https://*.openai.azure.com/openai/v1"]),
  keyVariable: users("AZURE_OPENAI_API_KEY"),
  authentication: docs("api-key"),
  urls: docs({
    "/v1/chat/completions": "/v1/chat/completions",
    "/v1/responses": "/v1/responses",
    "/chat/completions": "/v1/chat/completions",
  }),
  limits: {
    requests: docs(100_000),
    megabytes: docs(200),
    models: docs("one"),
    endpoints: docs("one"),
    needsJsonlName: unverifiedIn("assumed, as OpenAI does it", "2026-11")(true),
  },
  windows: docs({ default: "24h", others: [] }),
  otherEndpoints: clients({
    "/v1/chat/completions": "/chat/completions",
    "/v1/responses": "/responses",
    "/chat/completions": "/v1/chat/completions",
  }),
  looksAtFiles: docs(true),
  statuses: docs(openai.statuses.value),
  times: docs("either"),
  hasEmptyErrorFile: docs(true),
  priceFactor: docs(0.5),
  pollSeconds: docs(60),
  priceList: "azure",
  remarks: [
    docs(
      "`model` is the name of a deployment of the type GlobalBatch or DataZoneBatch, the same on every line.",
    ),
    docs("Embeddings and a byte order mark are refused."),
    docs("Statuses may have a capital letter, and counts may be null."),
    docs("24 hours are a target: a batch does not expire."),
  ],
};
