import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("Model Studio's batch page", "2026-10");
const users = unverifiedIn("what its users call it", "2026-11");
const older = unverifiedIn("an older version of its batch page", "2026-11");

export const alibaba: Profile = {
  ...likeOpenAI,
  name: "alibaba",
  title: "Alibaba Model Studio",
  baseURLs: docs([
    "https://dashscope.aliyuncs.com/compatible-mode/v1",
    "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    "https://*.maas.aliyuncs.com/compatible-mode/v1",
  ]),
  keyVariable: users("DASHSCOPE_API_KEY"),
  authentication: docs("bearer"),
  urls: docs({
    "/v1/chat/completions": "/v1/chat/completions",
    "/v1/embeddings": "/v1/embeddings",
    "/v1/chat/ds-test": "/v1/chat/completions",
  }),
  limits: {
    ...limitsLikeOpenAI,
    requests: older(50_000),
    megabytes: docs(500),
    lineBytes: older(6_000_000),
    models: docs("one"),
    endpoints: docs("one"),
  },
  trial: docs({ url: "/v1/chat/ds-test", model: "batch-test-model", requests: 100, megabytes: 1 }),
  windows: docs({ default: "24h", others: ["336h"] }),
  intentKey: docs("ds_description"),
  priceFactor: docs(0.5),
  remarks: [
    docs("Any window from 24 to 336 hours (14 days) is taken."),
    docs(
      "The model `batch-test-model` with the url `/v1/chat/ds-test` tries a batch of up to 100 lines and 1 MB without a price.",
    ),
    docs("`metadata` takes the keys `ds_name`, `ds_description` and `ds_batch_finish_callback` only."),
    docs("A request may have 256,000 tokens of context."),
  ],
};
