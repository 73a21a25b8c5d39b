import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a line of a batch file asks, for short. */
export interface AskedRequest {
  readonly custom_id: string;
  readonly url?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

const citySchema = {
  type: "object",
  properties: { city: { type: "string" }, people: { type: "integer" } },
  required: ["city", "people"],
  additionalProperties: false,
};

/** A chat request whose answer is to be a city. */
export function askForCity(custom_id: string, schema: object = citySchema): AskedRequest {
  const response_format = { type: "json_schema", json_schema: { name: "city", strict: true, schema } };
  return { custom_id, body: { model: "gpt-4o-mini", messages: [], response_format } };
}

export function toRequestLine({ custom_id, url = "/v1/chat/completions", body }: AskedRequest): string {
  const asked = body ?? { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] };
  return JSON.stringify({ custom_id, method: "POST", url, body: asked });
}

/** A line of an output file with an answer of any endpoint. */
export function toAnswerLine(custom_id: string, body: unknown, status_code = 200): string {
  const response = { status_code, request_id: `req_${custom_id}`, body };
  return JSON.stringify({ id: `batch_req_${custom_id}`, custom_id, response, error: null });
}

/** A line with the answer of a chat. */
export function toChatLine(
  custom_id: string,
  content: string | null,
  { finish = "stop", refusal = null }: { readonly finish?: string; readonly refusal?: string | null } = {},
): string {
  return toAnswerLine(custom_id, {
    id: `chatcmpl-${custom_id}`,
    object: "chat.completion",
    created: 1,
    model: "gpt-4o-mini-2024-07-18",
    choices: [
      { index: 0, message: { role: "assistant", content, refusal }, logprobs: null, finish_reason: finish },
    ],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    },
  });
}

/** A line of an error file for a request that was answered with an error. */
export function toFailedLine(custom_id: string, status: number, code: string, message: string): string {
  return toAnswerLine(custom_id, { error: { message, type: "some_error", param: null, code } }, status);
}

/** A line of an error file for a request that was never executed. */
export function toUnansweredLine(custom_id: string, code: string, message = "It was not executed."): string {
  return JSON.stringify({ id: "batch_req_x", custom_id, response: null, error: { code, message } });
}

/** Writes files into a new folder below another, a line each for an array; gives the folder. */
export function writeFolder(
  below: string,
  files: Readonly<Record<string, string | readonly string[]>>,
): string {
  const folder = mkdtempSync(join(below, "batch-"));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(
      join(folder, name),
      typeof content === "string" ? content : content.map((line) => `${line}\n`).join(""),
    );
  }
  return folder;
}
