import { isObject, recogniseEndpoint } from "../api/index.js";
import { toChatCompletion } from "./chat-completion.js";
import { hashText } from "./hash-text.js";
import { Random } from "./random.js";
import type { Rehearsal, RehearsalRequest, RehearsedResponse } from "./rehearsal.js";
import { ServiceError } from "./service-error.js";

// biome-ignore lint/suspicious/noEmptyInterface: filled next
export interface RehearsalOptions {}

/** 1 January 2026. */
const earliest = 1_767_225_600;
const yearSeconds = 31_536_000;

/** Makes up answers, the same for the same request, on every machine and in every run. */
export function createRehearsal(_options: RehearsalOptions = {}): Rehearsal {
  return { answer: (request) => toResponse(request) };
}

function toResponse(request: RehearsalRequest): RehearsedResponse {
  const random = new Random(hashText(request.body, hashText(request.url)));
  const headers = { "content-type": "application/json", "x-request-id": `req_${random.hex(32)}` };
  const created = earliest + random.below(yearSeconds / 2);
  try {
    const body = toBody(request, random, created);
    return { kind: "response", status: 200, headers, body, delayMs: 0 };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return {
      kind: "response",
      status: error.status,
      headers: { ...headers, ...error.headers },
      body: error.toBody(),
      delayMs: 0,
    };
  }
}

function toBody({ url, body }: RehearsalRequest, random: Random, created: number): string {
  if (recogniseEndpoint(url) !== "/v1/chat/completions")
    throw new ServiceError(404, `Invalid URL (POST ${url})`);
  return toChatCompletion({ body: parseBody(body), random, created });
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) return body;
  } catch {
    // The parser's own message would quote the body.
  }
  throw new ServiceError(400, "We could not parse the JSON body of your request.");
}
