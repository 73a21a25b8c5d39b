import type { RehearsalAnswer, RehearsedResponse } from "../../src/rehearse/answers/rehearsal.js";
import { createRehearsal } from "../../src/rehearse/index.js";

type Rehearsal = ReturnType<typeof createRehearsal>;

interface Asking {
  readonly rehearsal?: Rehearsal;
  readonly custom_id?: string;
  readonly attempt?: number;
}

export function ask(url: string, body: unknown, asking: Asking = {}): RehearsalAnswer {
  const { rehearsal = createRehearsal(), custom_id = "row-1", attempt = 1 } = asking;
  return rehearsal.answer({
    custom_id,
    url,
    body: typeof body === "string" ? body : JSON.stringify(body),
    attempt,
  });
}

/** The whole response to a request. */
export function respond(url: string, body: unknown, asking: Asking = {}): RehearsedResponse {
  const answer = ask(url, body, asking);
  if (answer.kind !== "response") throw new Error(`the answer is ${answer.kind}`);
  return answer;
}

/** The body of a successful answer. The caller says what it is, and its assertions see whether that holds. */
export function bodyOf<Body>(url: string, body: unknown, asking: Asking = {}): Body {
  const response = respond(url, body, asking);
  if (response.status !== 200) throw new Error(`${response.status} ${response.body}`);
  return JSON.parse(response.body) as Body;
}

/** The status and the error of an answer that is one. */
export function errorOf(url: string, body: unknown, asking: Asking = {}): Readonly<Record<string, unknown>> {
  const { status, body: text } = respond(url, body, asking);
  // The shape that the assertions look for.
  const { error } = JSON.parse(text) as { readonly error?: Readonly<Record<string, unknown>> };
  return { status, ...error };
}

export const chat = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Which city is it?" }] };
