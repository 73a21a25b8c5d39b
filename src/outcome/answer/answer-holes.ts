import type { HoleKind } from "../../batch-file/index.js";

const anyText: HoleKind = { kind: "text", isRead: true };
const unreadText: HoleKind = { kind: "text", isRead: false };
const word: HoleKind = { kind: "word", isRead: true };
const unreadWord: HoleKind = { kind: "word", isRead: false };
const floats: HoleKind = { kind: "floats", isRead: true };
const number: HoleKind = { kind: "number", isRead: true };
const unreadNumber: HoleKind = { kind: "number", isRead: false };

/**
 * What differs from answer to answer of one endpoint, by its place in the body. Nobody in this room, and none who reads usage, looks at
 * what is unread; to be wrong there would be to read the text of another answer, which the tests of shapes look for.
 */
const holes: ReadonlyMap<string, HoleKind> = new Map([
  ["id", unreadWord],
  ["created", unreadNumber],
  ["created_at", unreadNumber],
  ["completed_at", unreadNumber],
  ["system_fingerprint", unreadWord],
  ["x_groq.id", unreadWord],
  ["choices.[].text", anyText],
  ["choices.[].message.content", anyText],
  ["choices.[].message.content.[].text", anyText],
  ["choices.[].message.reasoning", unreadText],
  ["choices.[].message.reasoning_content", unreadText],
  ["choices.[].message.tool_calls.[].id", word],
  ["choices.[].message.tool_calls.[].function.arguments", anyText],
  ["data.[].embedding", floats],
  ["output.[].id", word],
  ["output.[].call_id", word],
  ["output.[].arguments", anyText],
  ["output.[].content.[].text", anyText],
  ["output.[].summary.[].text", unreadText],
  ["output.[].encrypted_content", unreadText],
  // Of Anthropic's messages.
  ["content.[].text", anyText],
  ["content.[].thinking", unreadText],
  ["content.[].signature", unreadText],
]);

/** What may differ at a place in the body of an answer; all else is part of its shape. */
export function answerHoleAt(path: readonly (string | null)[]): HoleKind | undefined {
  return path[0] === "usage" ? number : holes.get(path.map((key) => key ?? "[]").join("."));
}
