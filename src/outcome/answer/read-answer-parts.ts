import type { Endpoint } from "../../api/index.js";
import { type AnswerParts, noParts } from "./answer-parts.js";
import { readChatParts, readCompletionParts } from "./read-chat-parts.js";
import { readEmbeddings } from "./read-embeddings.js";
import { readResponseParts } from "./read-response-parts.js";

/** Reads the body of a success. What is not as the endpoint writes it is left out. */
export function readAnswerParts(
  url: Endpoint | undefined,
  body: Readonly<Record<string, unknown>>,
): AnswerParts {
  switch (url) {
    case "/v1/chat/completions":
      return readChatParts(body);
    case "/v1/responses":
      return readResponseParts(body);
    case "/v1/completions":
      return readCompletionParts(body);
    case "/v1/embeddings":
      return { ...noParts, embeddings: readEmbeddings(body) };
    default:
      return noParts;
  }
}
