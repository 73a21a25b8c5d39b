/**
 * The body of a request to `/v1/messages`, as far as we write it. Source: `@anthropic-ai/sdk` 1.14, November 2026; `temperature` and
 * `top_p` belong to the version of the API that we ask for, 2023-06-01, and 0.137 has them.
 */
export interface MessageParams {
  readonly model: string;
  readonly max_tokens: number;
  readonly messages: MessageParam[];
  readonly system?: string | TextBlock[];
  readonly temperature?: number;
  readonly top_p?: number;
  readonly stop_sequences?: string[];
  readonly tools?: ToolParam[];
  readonly tool_choice?: ToolChoice;
  readonly output_config?: OutputConfig;
  readonly metadata?: { readonly user_id: string };
}

export interface MessageParam {
  readonly role: "user" | "assistant";
  content: string | ContentBlock[];
}

export type ContentBlock = TextBlock | ImageBlock | DocumentBlock | ToolUseBlock | ToolResultBlock;

export interface TextBlock {
  readonly type: "text";
  readonly text: string;
}

export interface ImageBlock {
  readonly type: "image";
  readonly source:
    | { readonly type: "base64"; readonly media_type: ImageType; readonly data: string }
    | { readonly type: "url"; readonly url: string };
}

export const imageTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const;
export type ImageType = (typeof imageTypes)[number];

export interface DocumentBlock {
  readonly type: "document";
  readonly source: { readonly type: "base64"; readonly media_type: "application/pdf"; readonly data: string };
  readonly title?: string;
}

export interface ToolUseBlock {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: Record<string, unknown>;
}

export interface ToolResultBlock {
  readonly type: "tool_result";
  readonly tool_use_id: string;
  readonly content?: string | TextBlock[];
}

export interface ToolParam {
  readonly name: string;
  readonly description?: string;
  readonly input_schema: { readonly type: "object"; readonly [keyword: string]: unknown };
  readonly strict?: boolean;
}

export type ToolChoice =
  | { readonly type: "auto" | "any"; readonly disable_parallel_tool_use?: boolean }
  | { readonly type: "tool"; readonly name: string; readonly disable_parallel_tool_use?: boolean }
  | { readonly type: "none" };

export interface OutputConfig {
  readonly format?: { readonly type: "json_schema"; readonly schema: Record<string, unknown> };
  readonly effort?: Effort;
}

export const efforts = ["low", "medium", "high", "xhigh", "max"] as const;
export type Effort = (typeof efforts)[number];
