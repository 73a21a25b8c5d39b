import { createCompletion } from "../made-up-completion.js";
import type { Row } from "../rows.js";
import type { Verdict } from "../verdict.js";

/** About 1 KB, with an answer that fits the schema of bench/verdict.ts. */
export function toResultLine({ id, review }: Row, index: number): string {
  const answer: Verdict = {
    verdict: index % 3 === 0 ? "negative" : "positive",
    reasons: [
      { quote: review.slice(0, 40), weight: 0.75 },
      { quote: review.slice(40, 80), weight: 0.25 },
      { quote: review.slice(80, 120), weight: 0.125 },
    ],
    wouldBuyAgain: index % 7 === 0 ? null : true,
  };
  const body = createCompletion({
    id: `chatcmpl-BQ7xYv2mTq0sJr5nKc8dL${index}`,
    content: JSON.stringify(answer),
    completionTokens: 48,
  });
  const response = { status_code: 200, request_id: `4f2d9c1b7a6e4d0f8b3a5c7e${index}`, body };
  return `${JSON.stringify({ id: `batch_req_68f1c2${index}`, custom_id: id, response, error: null })}\n`;
}
