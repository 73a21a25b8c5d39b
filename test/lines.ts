import { readFileSync, writeFileSync } from "node:fs";

type Members = Readonly<Record<string, unknown>>;

/** A request for a chat that asks for little; members of its body may be others. */
export function chatRequest(custom_id: string, body: Members = {}) {
  const messages = [{ role: "user", content: `Say something about ${custom_id}.` }];
  return request(custom_id, { messages, ...body }, "/v1/chat/completions");
}

export function chatLine(custom_id: string, body: Members = {}): string {
  return JSON.stringify(chatRequest(custom_id, body));
}

/** The line of a request whose body is a model and what is given. */
export function requestLine(custom_id: string, body: Members = {}, url = "/v1/chat/completions"): string {
  return JSON.stringify(request(custom_id, body, url));
}

export function embeddingLine(
  custom_id: string,
  input: unknown = "Hello",
  model = "text-embedding-3-small",
): string {
  return requestLine(custom_id, { model, input }, "/v1/embeddings");
}

function request(custom_id: string, body: Members, url: string) {
  return { custom_id, method: "POST", url, body: { model: "gpt-4o-mini", ...body } };
}

export function requestIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `request-${index}`);
}

export function chatLines(count: number): string[] {
  return requestIds(count).map((id) => chatLine(id));
}

/** What asks for a format in the body of a chat request. */
export function asking(name: string, schema: Members): Members {
  return { response_format: { type: "json_schema", json_schema: { name, strict: true, schema } } };
}

export const citySchema = {
  type: "object",
  properties: { city: { type: "string" }, population: { type: "integer" } },
  required: ["city", "population"],
  additionalProperties: false,
} as const;

/** The line of a chat request whose answer is to be a city. */
export function cityLine(custom_id: string, schema: Members = citySchema): string {
  return chatLine(custom_id, asking("city", schema));
}

/** The body of a chat answer. */
export function chatBody(content: unknown, { finish = "stop", message = {} as Members } = {}): Members {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_742_500_035,
    model: "gpt-4o-mini-2024-07-18",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null, ...message },
        logprobs: null,
        finish_reason: finish,
      },
    ],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    },
  };
}

/** The body of a response with these items as its output. */
export function responseBody(output: readonly Members[], members: Members = {}): Members {
  return {
    id: "resp_1",
    object: "response",
    status: "completed",
    error: null,
    incomplete_details: null,
    output,
    usage: { input_tokens: 5, output_tokens: 7, total_tokens: 12 },
    ...members,
  };
}

let messages = 0;

export function messageItem(...content: readonly Members[]): Members {
  messages += 1;
  return { type: "message", id: `msg_${messages}`, role: "assistant", content };
}

/** The line of an answer, as OpenAI writes it. */
export function answerLine(custom_id: string, body: unknown = chatBody(`Answer to ${custom_id}.`)): string {
  return resultLine(custom_id, { response: { status_code: 200, request_id: `req_${custom_id}`, body } });
}

/** The line of a chat's answer. */
export function chatAnswerLine(
  custom_id: string,
  content: unknown,
  options?: Parameters<typeof chatBody>[1],
): string {
  return answerLine(custom_id, chatBody(content, options));
}

/** The line of an HTTP failure, as OpenAI writes it. */
export function failureLine(custom_id: string, status_code = 400, error: Members = {}): string {
  const body = {
    error: { message: "Bad.", type: "invalid_request_error", param: null, code: null, ...error },
  };
  return resultLine(custom_id, { response: { status_code, request_id: "req_1", body } });
}

/** The line of a request that was never executed. */
export function unansweredLine(custom_id: string, code: string): string {
  return resultLine(custom_id, { response: null, error: { code, message: "It was not executed." } });
}

export function resultLine(custom_id: string, members: Members): string {
  return JSON.stringify({ id: `batch_req_${custom_id}`, custom_id, error: null, ...members });
}

/** A line without an id of ours in the shape of each other service. */
export const foreignLines: readonly (readonly [service: string, line: string])[] = [
  ["Anthropic", JSON.stringify({ result: { type: "succeeded", message: { content: [] } } })],
  ["xAI", JSON.stringify({ batch_request_id: "1", batch_result: { response: {} } })],
  ["Gemini", JSON.stringify({ key: "1", response: { candidates: [{ content: {} }] } })],
  ["Gemini", JSON.stringify({ key: "1", error: { code: 13, message: "No." } })],
  ["Gemini", JSON.stringify({ key: "1", status: { code: 3, message: "No." } })],
  ["Gemini", JSON.stringify({ response: { promptFeedback: {} }, metadata: { custom_id: "1" } })],
  ["xAI", JSON.stringify({ batch_request_id: "1", error_message: "No." })],
  ["Amazon Bedrock", JSON.stringify({ recordId: "1", modelInput: {}, modelOutput: {} })],
  ["Amazon Bedrock", JSON.stringify({ recordId: "1", error: { errorCode: 400, errorMessage: "No." } })],
  ["Vertex AI", JSON.stringify({ request: {}, response: {}, status: "No.", processed_time: "2026-11-01" })],
];

/** The text of a file: each line with its line feed. What is no text becomes JSON. */
export function toLines(lines: readonly unknown[]): string {
  return lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
}

export function writeRequests(path: string, ids: readonly string[]): void {
  writeFileSync(path, toLines(ids.map((id) => chatRequest(id))));
}

export function readLines(path: string): Record<string, unknown>[] {
  const text = readFileSync(path, "utf8");
  if (!text.endsWith("\n") && text !== "") throw new Error("The last line has no line feed.");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

export function idsIn(path: string): unknown[] {
  return readLines(path).map(({ custom_id }) => custom_id);
}
