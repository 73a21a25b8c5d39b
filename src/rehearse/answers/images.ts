import type { Image, ImagesResponse } from "openai/resources/images";
import type { EndpointRequest } from "./endpoint-request.js";
import { readCount, readList, readOptionalText, readText, refuseStream } from "./read-body.js";
import { rehearsalModelName } from "./rehearsal-model.js";
import { RehearsedError } from "./rehearsed-error.js";
import { imageFormats, tinyImage } from "./tiny-image.js";
import { countPromptTokens } from "./token-estimate.js";

const tokensPerImage = 272;
const tokensPerInputImage = 194;

/** Newer formats than the SDK knows; and the mark of a rehearsal, since the service names no model here. */
type RehearsedImages = Omit<ImagesResponse, "output_format" | "size"> & {
  readonly model: string;
  readonly output_format: string;
  readonly size: string;
};

/** The body that `/v1/images/generations` answers with: the same small square, whatever the prompt and the size. */
export function toGeneratedImages(request: EndpointRequest): string {
  return toImages(request, 0);
}

/** The body that `/v1/images/edits` answers with. */
export function toEditedImages(request: EndpointRequest): string {
  return toImages(request, readList(request.body, "images").length);
}

function toImages(request: EndpointRequest, inputImages: number): string {
  const { body, created, ending } = request;
  refuseStream(body);
  const prompt = readText(body, "prompt");
  const count = readCount(request, "n", { min: 1, max: 10 }) ?? 1;
  const format = readOptionalText(body, "output_format") ?? "png";
  const image = tinyImage(format);
  if (image === undefined) {
    const message = `Invalid value for 'output_format'. Supported values are: '${imageFormats.join("', '")}'.`;
    throw new RehearsedError(400, message, { param: "output_format", code: "invalid_value" });
  }
  if (ending === "refusal") {
    const message = "Your request was rejected by the safety system (rehearsed).";
    throw new RehearsedError(400, message, {
      type: "image_generation_user_error",
      code: "moderation_blocked",
    });
  }
  const textTokens = countPromptTokens(prompt);
  const inputImageTokens = inputImages * tokensPerInputImage;
  const input = textTokens + inputImageTokens;
  const output = count * tokensPerImage;
  const size = readOptionalText(body, "size") ?? "auto";
  const quality = (["low", "medium", "high"] as const).find((known) => known === body.quality);
  return JSON.stringify({
    created,
    model: rehearsalModelName(readOptionalText(body, "model") ?? "default"),
    background: body.background === "transparent" ? "transparent" : "opaque",
    data: Array.from({ length: count }, () => toImage(body, image)),
    output_format: format,
    quality: quality ?? "medium",
    size: size === "auto" ? "1024x1024" : size,
    usage: {
      input_tokens: input,
      input_tokens_details: { image_tokens: inputImageTokens, text_tokens: textTokens },
      output_tokens: output,
      output_tokens_details: { image_tokens: output, text_tokens: 0 },
      total_tokens: input + output,
    },
  } satisfies RehearsedImages);
}

/** As older models give one on demand: base64, or an address, which leads nowhere here. */
function toImage(body: EndpointRequest["body"], image: string): Image {
  return body.response_format === "url"
    ? { url: "https://example.com/rehearsed-image" }
    : { b64_json: image };
}
