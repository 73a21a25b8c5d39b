import type { Endpoint } from "../request/endpoint.js";
import type { Parameters } from "../rule/rule.js";
import { chatCompletionParameters } from "./chat-completions.js";
import { completionParameters } from "./completions.js";
import { embeddingParameters } from "./embeddings.js";
import { imageEditParameters } from "./images-edits.js";
import { imageGenerationParameters } from "./images-generations.js";
import { moderationParameters } from "./moderations.js";
import { responseParameters } from "./responses.js";
import { videoParameters } from "./videos.js";

/** The parameters of every endpoint of the Batch API. */
export const endpointParameters: Readonly<Record<Endpoint, Parameters>> = {
  "/v1/responses": responseParameters,
  "/v1/chat/completions": chatCompletionParameters,
  "/v1/embeddings": embeddingParameters,
  "/v1/completions": completionParameters,
  "/v1/moderations": moderationParameters,
  "/v1/images/generations": imageGenerationParameters,
  "/v1/images/edits": imageEditParameters,
  "/v1/videos": videoParameters,
};
