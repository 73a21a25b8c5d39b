import {
  endpoints,
  maxBytesPerBatch,
  maxEmbeddingInputsPerBatch,
  maxRequestsPerBatch,
} from "../../api/index.js";
import { readIn } from "./fact.js";
import { openai } from "./openai.js";
import type { Profile } from "./profile.js";

const ours = readIn("openbatch itself", "2026-11");

/** `openbatch serve`, on this machine. */
export const local: Profile = {
  name: "local",
  title: "openbatch serve",
  lines: "openai",
  baseURLs: ours(["http://localhost/v1", "http://*.localhost/v1", "http://127.0.0.1/v1", "http://[::1]/v1"]),
  keyVariable: undefined,
  authentication: ours("none"),
  urls: ours(Object.fromEntries(endpoints.map((endpoint) => [endpoint, endpoint]))),
  limits: {
    requests: ours(maxRequestsPerBatch),
    bytes: ours(maxBytesPerBatch),
    embeddingInputs: ours(maxEmbeddingInputsPerBatch),
    models: ours("one"),
    endpoints: ours("one"),
    needsJsonlName: ours(true),
  },
  refusals: {},
  windows: ours({ default: "24h", others: [] }),
  statuses: ours(openai.statuses.value),
  times: ours("seconds"),
  hasEmptyErrorFile: ours(false),
  redirectsDownloads: ours(false),
  priceFactor: undefined,
  priceList: undefined,
  pollSeconds: ours(1),
  remarks: [ours("It costs what the server behind it costs; in rehearsal nothing.")],
};
