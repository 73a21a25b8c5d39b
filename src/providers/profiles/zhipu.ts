import { readIn, unverifiedIn } from "./fact.js";
import { likeOpenAI, limitsLikeOpenAI } from "./like-openai.js";
import type { Profile } from "./profile.js";

const docs = readIn("Zhipu's batch page", "2026-11");
const reported = unverifiedIn("reports of its users", "2026-11");

export const zhipu: Profile = {
  ...likeOpenAI,
  name: "zhipu",
  title: "Zhipu",
  baseURLs: docs(["https://open.bigmodel.cn/api/paas/v4"]),
  keyVariable: reported("ZHIPUAI_API_KEY"),
  authentication: docs("bearer"),
  urls: docs({
    "/v4/chat/completions": "/v1/chat/completions",
    "/v4/embeddings": "/v1/embeddings",
    "/v4/images/generations": "/v1/images/generations",
  }),
  limits: {
    ...limitsLikeOpenAI,
    requests: docs(50_000),
    embeddingRequests: docs(10_000),
    megabytes: docs(100),
    ids: reported({ minLength: 6, maxLength: Number.MAX_SAFE_INTEGER, isPlain: false }),
  },
  windows: docs({ default: "24h", others: [] }),
  priceFactor: docs(0.5),
  remarks: [
    docs("The url of a line, and the endpoint of its batch, is `/v4/chat/completions`."),
    docs("There is no window to choose any more: about 24 hours, and an end after 7 days."),
    docs("A file with a model that has no batches is refused at its upload, with the code 1210."),
    docs("A result has no key `error`, and the id of the batch as its `id`."),
    docs("The input file is deleted when the batch ends, unless `auto_delete_input_file` is false."),
  ],
};
