import {
  endpoints,
  maxBytesPerBatch,
  maxEmbeddingInputsPerBatch,
  maxRequestsPerBatch,
} from "../../api/index.js";
import { readIn, unverifiedIn } from "./fact.js";
import type { Profile } from "./profile.js";

const guide = readIn("OpenAI's batch guide", "2026-11");
const sdk = readIn("openai-node 7.57", "2026-11");
const answers = readIn("answers of the service", "2026-11");
const forum = unverifiedIn("reports in its forum", "2026-11");

export const openai: Profile = {
  name: "openai",
  title: "OpenAI",
  lines: "openai",
  baseURLs: guide(["https://api.openai.com/v1", "https://*.api.openai.com/v1"]),
  keyVariable: sdk("OPENAI_API_KEY"),
  authentication: sdk("bearer"),
  urls: sdk(Object.fromEntries(endpoints.map((endpoint) => [endpoint, endpoint]))),
  limits: {
    requests: guide(maxRequestsPerBatch),
    bytes: answers(maxBytesPerBatch),
    embeddingInputs: sdk(maxEmbeddingInputsPerBatch),
    models: guide("one"),
    endpoints: guide("one"),
    needsJsonlName: answers(true),
    batchesAnHour: guide(2_000),
  },
  refusals: {},
  windows: sdk({ default: "24h", others: [] }),
  statuses: sdk({
    validating: "waiting",
    in_progress: "running",
    finalizing: "running",
    cancelling: "stopping",
    completed: "ended",
    expired: "ended",
    cancelled: "ended",
    failed: "rejected",
  }),
  times: sdk("seconds"),
  hasEmptyErrorFile: forum(false),
  redirectsDownloads: forum(false),
  priceFactor: guide(0.5),
  pollSeconds: unverifiedIn("our own choice", "2026-11")(20),
  priceList: "openai",
  remarks: [
    guide(
      "The prompt tokens that may wait in the queue are limited for each model and organisation; over that a batch fails with `token_limit_exceeded`.",
    ),
    answers("One wrong line fails the whole batch, at its validation."),
    guide("Output files are deleted 30 days after the batch has ended."),
  ],
};
