import { isObject } from "../../api/index.js";
import { readChatImages } from "../../outcome/index.js";
import type { SucceededResult } from "../answer/result.js";

/** An image of an answer: its bytes as base64, or where it can be fetched. */
export type FoundImage =
  | { readonly kind: "base64"; readonly text: string }
  | { readonly kind: "url"; readonly url: string };

/** The images of an answer, in their order: those of the images endpoints and of chat, and what an image generation tool of a response made. */
export function findImages({ body }: SucceededResult): readonly FoundImage[] {
  if (!isObject(body)) return [];
  // SiliconFlow calls them images.
  const { images, data = images, output } = body;
  if (Array.isArray(data)) return data.flatMap((image) => toImage(image, "b64_json"));
  if (!Array.isArray(output)) return readChatImages(body).map(toWritten);
  return output
    .filter((item) => isObject(item) && item.type === "image_generation_call")
    .flatMap((item) => toImage(item, "result"));
}

function toImage(image: unknown, key: "b64_json" | "result"): readonly FoundImage[] {
  if (!isObject(image)) return [];
  const text = image[key];
  if (typeof text === "string" && text !== "") return [{ kind: "base64", text: withoutPrefix(text) }];
  const { url } = image;
  return typeof url === "string" ? [toWritten(url)] : [];
}

/** Some gateways write the base64 alone in the place of a URL. */
function toWritten(url: string): FoundImage {
  return /^(?!data:)[a-z]+:/i.test(url) ? { kind: "url", url } : { kind: "base64", text: withoutPrefix(url) };
}

/** Some services write the image as a data URL. */
function withoutPrefix(text: string): string {
  return text.startsWith("data:") ? text.slice(text.indexOf(",") + 1) : text;
}
