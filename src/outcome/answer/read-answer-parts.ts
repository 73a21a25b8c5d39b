import { type Endpoint, isObject } from "../../api/index.js";
import { type AnswerParts, type AskedItems, noParts } from "./answer-parts.js";
import { readChatParts, readCompletionParts } from "./read-chat-parts.js";
import { readEmbeddingParts } from "./read-embedding-parts.js";
import { readItemParts } from "./read-item-parts.js";
import { isMessage, readMessageParts } from "./read-message-parts.js";
import { readResponseParts } from "./read-response-parts.js";

/**
 * Reads the body of a success. What is not as the endpoint writes it is left out.
 * @param asked what the request asks for, where that is known.
 */
export function readAnswerParts(
  url: Endpoint | undefined,
  body: Readonly<Record<string, unknown>>,
  asked?: AskedItems,
): AnswerParts {
  switch (url) {
    case "/v1/chat/completions":
      return readChatParts(body);
    case "/v1/responses":
      return readResponseParts(body);
    case "/v1/completions":
      return readCompletionParts(body);
    case "/v1/embeddings":
      return readEmbeddingParts(body, asked);
    case "/v1/images/generations":
    case "/v1/images/edits":
      return readImageParts(body, asked);
    case "/v1/moderations":
      return readItemParts(body.results, { name: "results", isItem: isModeration, asked });
    default:
      return isMessage(body) ? readMessageParts(body) : noParts;
  }
}

/** SiliconFlow calls them `images`: as public code reads its answers, November 2026. */
function readImageParts(body: Readonly<Record<string, unknown>>, asked: AskedItems | undefined): AnswerParts {
  const name = Array.isArray(body.images) && !Array.isArray(body.data) ? "images" : "data";
  return readItemParts(body[name], { name, isItem: isImage, asked });
}

function isImage({ b64_json, url }: Readonly<Record<string, unknown>>): boolean {
  return isText(b64_json) || isText(url);
}

function isModeration({ flagged, categories }: Readonly<Record<string, unknown>>): boolean {
  return typeof flagged === "boolean" || isObject(categories);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
