import { isObject } from "../../api/index.js";
import { findFirstChoice } from "./first-choice.js";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The images that a chat completion holds, as data URLs, base64 or addresses: OpenRouter, LiteLLM and other gateways to models that make
 * images write `message.images`, some parts of the content. Read November 2026.
 */
export function readChatImages(body: JsonObject): readonly string[] {
  const message = findFirstChoice(body)?.message;
  return isObject(message) ? imagesOf(message) : [];
}

export function imagesOf({ images, content }: JsonObject): readonly string[] {
  if (!Array.isArray(images) && !Array.isArray(content)) return [];
  return [images, content].flatMap((list) => (Array.isArray(list) ? list.flatMap(toUrl) : []));
}

function toUrl(part: unknown): readonly string[] {
  const image = isObject(part) ? part.image_url : undefined;
  const url = isObject(image) ? image.url : image;
  return typeof url === "string" && url !== "" ? [url] : [];
}
