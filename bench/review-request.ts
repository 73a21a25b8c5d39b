import type { ChatCompletionParameters } from "openbatch";
import type { Row } from "./rows.js";

/** What `create` is given for a row. */
export function toParameters({ id, review }: Row): ChatCompletionParameters {
  return { custom_id: id, model: "gpt-4o-mini", messages: toMessages(review), temperature: 0 };
}

/** The line that `create` writes for a row. */
export function toRequestLine({ id, review }: Row): string {
  const body = { model: "gpt-4o-mini", messages: toMessages(review), temperature: 0 };
  return `${JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body })}\n`;
}

function toMessages(review: string): ChatCompletionParameters["messages"] {
  return [
    { role: "system", content: "Classify the review as positive or negative." },
    { role: "user", content: review },
  ];
}
