import type { ChatCompletion } from "openai/resources/chat/completions";
import type { Completion } from "openai/resources/completions";
import type { CreateEmbeddingResponse } from "openai/resources/embeddings";
import type { ImagesResponse } from "openai/resources/images";
import type { ModerationCreateResponse } from "openai/resources/moderations";
import type { Response } from "openai/resources/responses/responses";
import type { Video } from "openai/resources/videos";

/** A response as a batch writes it: `output_text` is what the SDK alone adds. */
export type ResponseBody = Omit<Response, "output_text">;

/**
 * What each endpoint answers, by its url: the official SDK's own types. What a service really sends is not checked against
 * them; one that is not OpenAI may leave something out.
 */
export interface AnswerBodies {
  readonly "/v1/responses": ResponseBody;
  readonly "/v1/chat/completions": ChatCompletion;
  readonly "/v1/embeddings": CreateEmbeddingResponse;
  readonly "/v1/completions": Completion;
  readonly "/v1/moderations": ModerationCreateResponse;
  readonly "/v1/images/generations": ImagesResponse;
  readonly "/v1/images/edits": ImagesResponse;
  readonly "/v1/videos": Video;
}

/** The body behind a url; `unknown` where the endpoint is. */
export type AnswerBody<Url extends keyof AnswerBodies | undefined> = Url extends keyof AnswerBodies
  ? AnswerBodies[Url]
  : unknown;
