import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "../../src/results/answer/result.js";
import { temporaryFolder } from "../temporary-folder.js";

type Members = Readonly<Record<string, unknown>>;

/** A line of a batch file. */
export function requestLine(custom_id: string, body: Members = {}, url = "/v1/chat/completions"): string {
  return JSON.stringify({ custom_id, method: "POST", url, body: { model: "gpt-4o-mini", ...body } });
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

/** The body of a chat answer. */
export function chatBody(content: unknown, { finish = "stop", message = {} as Members } = {}): Members {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_742_500_035,
    model: "gpt-4o-mini",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null, ...message },
        logprobs: null,
        finish_reason: finish,
      },
    ],
    usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
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

/** Writes files into a folder of their own, under names that count up. */
export function fileWriter(): (lines: readonly string[] | string | Buffer) => string {
  const folder = temporaryFolder();
  let count = 0;
  return (lines) => {
    count += 1;
    const path = join(folder, `file-${count}.jsonl`);
    writeFileSync(path, Array.isArray(lines) ? lines.map((line) => `${line}\n`).join("") : (lines as string));
    return path;
  };
}

export async function collect<Item>(results: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const result of results) collected.push(result);
  return collected;
}

/** What became of each request, as `id status`. */
export function outline(results: readonly Result[]): readonly string[] {
  return results.map(({ custom_id, status }) => `${custom_id} ${status}`);
}
