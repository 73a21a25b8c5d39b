import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import type { EmbeddingCreateParams } from "openai/resources/embeddings";
import type { ResponseCreateParamsNonStreaming } from "openai/resources/responses/responses";

type Stream = "stream" | "stream_options";

/** The parameters of a chat request; its messages may come later. */
export interface ChatCompletionsRequestParameters
  extends Omit<ChatCompletionCreateParamsNonStreaming, Stream | "messages"> {
  readonly messages?: ChatCompletionCreateParamsNonStreaming["messages"] | undefined;
}

/** The parameters of a responses request; its input may come later, and its model from a stored prompt. */
export interface ResponsesRequestParameters extends Omit<ResponseCreateParamsNonStreaming, Stream> {}

/** The parameters of an embeddings request; its input may come later. */
export interface EmbeddingsRequestParameters extends Omit<EmbeddingCreateParams, "input"> {
  readonly input?: EmbeddingCreateParams["input"] | undefined;
}

/** The body of a request, as far as it is known. */
export type RequestBody = Readonly<Record<string, unknown>>;

/** What was given of some parameters: `undefined` is as good as absent, and so is the default of `stream`. */
export function toRequestBody(parameters: object): RequestBody {
  const { stream, ...others } = toGiven(parameters);
  return stream === undefined || stream === false || stream === null ? others : { stream, ...others };
}

/** Parameters over others. One that is `undefined` changes nothing; null is a value. */
export function mergeParameters(below: RequestBody, above: object): RequestBody {
  return { ...below, ...toGiven(above) };
}

function toGiven(parameters: object): RequestBody {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}
