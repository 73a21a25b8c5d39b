import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("Parasail's batch page", "2026-11");
const users = unverifiedIn("what its users call it", "2026-11");
const seen = readIn("answers of the service", "2026-09");
const catalog = unverifiedIn("Parasail's page and a catalog, which disagree", "2026-11");

export const parasail: Profile = {
  ...likeOpenAI,
  name: "parasail",
  title: "Parasail",
  baseURLs: catalog(["https://api.parasail.io/v1", "https://api.saas.parasail.io/v1"]),
  keyVariable: users("PARASAIL_API_KEY"),
  authentication: docs("bearer"),
  urls: docs({
    "/v1/chat/completions": "/v1/chat/completions",
    "/v1/embeddings": "/v1/embeddings",
  }),
  limits: {
    ...limitsLikeOpenAI,
    requests: docs(50_000),
    megabytes: catalog(100),
  },
  windows: docs({ default: "24h", others: [] }),
  statuses: seen({
    validating: "waiting",
    in_progress: "running",
    cancelling: "stopping",
    completed: "ended",
    expired: "ended",
    cancelled: "ended",
    failed: "rejected",
  }),
  redirectsDownloads: seen(true),
  priceFactor: docs(0.5),
  remarks: [
    seen("`expires_at` is always null, and no batch is `finalizing`."),
    seen("The content of a file is answered with 302 and a signed address: the key must not go there."),
    seen("A wrong key is answered with 401 and plain text."),
    catalog("Its page says 1,000 MB a file, another source 100 MB."),
  ],
};
