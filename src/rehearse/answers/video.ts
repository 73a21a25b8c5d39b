import type { Video } from "openai/resources/videos";
import type { EndpointRequest } from "./endpoint-request.js";
import { readOptionalText, readText } from "./read-body.js";
import { rehearsalModelName } from "./rehearsal-model.js";
import { RehearsedError } from "./rehearsed-error.js";

const daySeconds = 86_400;

/**
 * The body that `/v1/videos` answers with in a batch: a video that is done. OpenAI announced the end of its own endpoint for
 * September 2026; other servers have it. There is no content to download.
 */
export function toVideo({ body, random, created, ending }: EndpointRequest): string {
  const prompt = readText(body, "prompt");
  if (ending === "refusal") {
    throw new RehearsedError(400, "Your request was blocked by our moderation system (rehearsed).", {
      code: "moderation_blocked",
    });
  }
  return JSON.stringify({
    id: `video_${random.hex(48)}`,
    object: "video",
    created_at: created,
    completed_at: created + 60,
    expires_at: created + daySeconds,
    status: "completed",
    progress: 100,
    error: null,
    model: rehearsalModelName(readOptionalText(body, "model") ?? "sora-2"),
    prompt,
    remixed_from_video_id: null,
    seconds: readOptionalText(body, "seconds") ?? "4",
    size: toSize(readOptionalText(body, "size")),
  } satisfies Video);
}

function toSize(size = "720x1280"): Video["size"] {
  const known = (["720x1280", "1280x720", "1024x1792", "1792x1024"] as const).find((one) => one === size);
  if (known !== undefined) return known;
  throw new RehearsedError(400, "Invalid value for 'size'.", { param: "size", code: "invalid_value" });
}
