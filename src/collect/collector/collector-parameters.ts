import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import type { CompletionCreateParamsNonStreaming } from "openai/resources/completions";
import type { EmbeddingCreateParams } from "openai/resources/embeddings";
import type { ImageGenerateParamsNonStreaming } from "openai/resources/images";
import type { ModerationCreateParams } from "openai/resources/moderations";
import type { ResponseCreateParamsNonStreaming } from "openai/resources/responses/responses";
import type { ResponseFormatText } from "openai/resources/shared";
import type { Endpoint, Misplaced } from "../../api/index.js";

/** What every request has beside the parameters of its endpoint. */
export interface CustomId {
  /**
   * Names the request in its file; the result carries it. A non-empty string, unique in the file. Ids of 1 to 64 letters,
   * digits, `-` and `_` work with every known service.
   */
  readonly custom_id: string;
}

type ForParse = Misplaced<"Give the schema to parse in the place of create.">;

/** A schema in the place of a format, as far as the compiler knows one by its members. */
interface SchemaForParse extends ResponseFormatText {
  readonly "~standard"?: ForParse | undefined;
  readonly properties?: ForParse | undefined;
}

type PlainChatCompletionParameters = CustomId &
  Omit<ChatCompletionCreateParamsNonStreaming, "response_format">;

/** The parameters of `POST /v1/chat/completions`, but for streaming, which a batch cannot do. */
export interface ChatCompletionParameters extends PlainChatCompletionParameters {
  /** What the answer is to be, in the service's own form. A schema goes to `parse`. */
  readonly response_format?:
    | ChatCompletionCreateParamsNonStreaming["response_format"]
    | SchemaForParse
    | undefined;
}

type PlainResponseParameters = CustomId & ResponseCreateParamsNonStreaming;

/** The parameters of `POST /v1/responses`, but for streaming, which a batch cannot do. */
export interface ResponseParameters extends PlainResponseParameters {
  /** @deprecated `create` has none: a schema goes to `parse`. */
  readonly text_format?: ForParse | undefined;
}

/** The parameters of `create`, with a schema as `response_format`. */
export interface ChatCompletionParseParameters<Schema = object> extends PlainChatCompletionParameters {
  /**
   * What the answer is to be: a schema of any library, or what the SDK's helpers make of one. With `undefined` or null it is whatever
   * the model says, as with `create`.
   */
  readonly response_format: Schema | null | undefined;
  /** @deprecated It is `response_format` here. */
  readonly text_format?: Misplaced<"Give the schema as response_format."> | undefined;
}

/** The parameters of `create`, with a schema as `text_format`. Other members of `text` stay. */
export interface ResponseParseParameters<Schema = object> extends PlainResponseParameters {
  /**
   * What the answer is to be: a schema of any library, or what the SDK's helpers make of one. With `undefined` or null it is whatever
   * the model says, as with `create`.
   */
  readonly text_format: Schema | null | undefined;
  /** @deprecated It is `text_format` here. */
  readonly response_format?: Misplaced<"Give the schema as text_format."> | undefined;
}

/** The parameters of `POST /v1/completions`, but for streaming, which a batch cannot do. */
export type CompletionParameters = CustomId & CompletionCreateParamsNonStreaming;

/** The parameters of `POST /v1/moderations`. */
export type ModerationParameters = CustomId & ModerationCreateParams;

/** The parameters of `POST /v1/images/generations`, but for streaming, which a batch cannot do. */
export type ImageGenerateParameters = CustomId & ImageGenerateParamsNonStreaming;

/** The parameters of `POST /v1/embeddings`. The input may be called `inp`, as in the Python package. */
export type EmbeddingParameters = CustomId &
  Omit<EmbeddingCreateParams, "input"> &
  // The compiler speaks of the last one where neither is given.
  (
    | { readonly inp: EmbeddingCreateParams["input"]; readonly input?: never }
    | { readonly input: EmbeddingCreateParams["input"]; readonly inp?: never }
  );

/** An image that an edit starts from: a URL, which may be a data URL, or the id of an uploaded file. */
export type ImageReference =
  | { readonly image_url: string; readonly file_id?: never }
  | { readonly file_id: string; readonly image_url?: never };

/**
 * The parameters of `POST /v1/images/edits` in its JSON form: the one that fits into a line of a batch file.
 * The official SDK's type is for uploads. Source: openai-openapi, August 2026.
 */
export interface ImageEditParameters extends CustomId {
  /** What the image is to become: 1 to 32,000 characters. */
  readonly prompt: string;
  /** 1 to 16 images. */
  readonly images: readonly ImageReference[];
  /** Its transparent places say where to edit the first image. */
  readonly mask?: ImageReference | null | undefined;
  readonly model?: string | null | undefined;
  /** How many images to make: 1 to 10. Default 1. */
  readonly n?: number | null | undefined;
  readonly quality?: "auto" | "low" | "medium" | "high" | (string & {}) | null | undefined;
  readonly size?: "auto" | "1024x1024" | "1536x1024" | "1024x1536" | (string & {}) | null | undefined;
  readonly background?: "transparent" | "opaque" | "auto" | null | undefined;
  readonly input_fidelity?: "high" | "low" | null | undefined;
  readonly output_format?: "png" | "jpeg" | "webp" | null | undefined;
  /** In percent: 0 to 100. Default 100. */
  readonly output_compression?: number | null | undefined;
  readonly moderation?: "low" | "auto" | null | undefined;
  /** 0 to 3. */
  readonly partial_images?: number | null | undefined;
  readonly stream?: false | null | undefined;
  readonly user?: string | undefined;
}

/** A request ready made, for any endpoint. */
export interface ReadyMadeRequest extends CustomId {
  readonly method?: "POST" | undefined;
  /** An endpoint of the Batch API; with the target "openbatch" it may be any path that the server has. */
  readonly url: Endpoint;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Refuses keys that the expected type does not have, where the compiler would let them through: in what a callback
 * returns.
 */
export type Exactly<Expected, Actual> = Actual & {
  readonly [Name in Exclude<
    keyof Actual,
    keyof Expected
  >]: Misplaced<`There is no parameter ${Name & string}.`>;
};
