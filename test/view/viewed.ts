import { asking, chatAnswerLine, chatLine, failureLine, unansweredLine } from "../lines.js";

const moodSchema = {
  type: "object",
  properties: { mood: { type: "string", enum: ["good", "bad"] }, stars: { type: "integer" } },
  required: ["mood", "stars"],
  additionalProperties: false,
} as const;

/** What must never be anything but text. */
export const hostileText = `<img src=x onerror="alert(1)"></script><script>alert(2)</script>\u202Eevil [link](http://127.0.0.1:1/)`;

function moodLine(custom_id: string, content: string): string {
  return chatLine(custom_id, { messages: [{ role: "user", content }], ...asking("mood", moodSchema) });
}

/** A small batch in which everything happens: its requests, and what came back. */
export const moodRequests = [
  moodLine("a", "The room was lovely."),
  moodLine("b", "Never again."),
  moodLine("c", `Say ${hostileText}`),
  moodLine("d", "It was “ZEPPELIN” night."),
  moodLine("e", "Too busy to answer."),
  moodLine("f", "Lost on the way."),
  moodLine("g", "Lovely, again."),
  moodLine("h", "Late."),
];

export const moodResults = [
  chatAnswerLine("b", JSON.stringify({ mood: "bad", stars: 1 })),
  chatAnswerLine("a", JSON.stringify({ mood: "good", stars: 5 })),
  chatAnswerLine("c", hostileText),
  chatAnswerLine("d", JSON.stringify({ mood: "strange", stars: "two" })),
  failureLine("e", 429, { code: "rate_limit_exceeded", message: "Slow down." }),
  chatAnswerLine("g", JSON.stringify({ mood: "good", stars: 4 })),
  unansweredLine("h", "batch_expired"),
];
