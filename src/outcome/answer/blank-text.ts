/** What cannot be seen: white space, and characters that only say how others are shown. */
const unseen = /^[\s\p{Cf}]*$/u;

/**
 * How models mark their reasoning, where a server leaves it in the text: most as a tag, Mistral's and Kimi's with marks of their own, and
 * gpt-oss as a channel before that of the answer. As public code reads them, November 2026.
 */
const tag = /^\s*<(think|thinking|thought|reasoning|seed:think)>/i;
const ownMark = /^\s*(?:(\[THINK\])|(◁think▷)|(?:<\|start\|>assistant)?(<\|channel\|>analysis)<\|message\|>)/;
const endOf: Readonly<Record<string, string>> = {
  "[THINK]": "[/THINK]",
  "◁think▷": "◁/think▷",
  "<|channel|>analysis": "<|channel|>final<|message|>",
};

/** Whether a text says nothing: it is blank, or nothing but reasoning. */
export function isBlank(text: string | undefined): boolean {
  if (text === undefined) return true;
  return !beginsVisibly(text) && unseen.test(withoutReasoning(text));
}

const [exclamationMark, lessThan, bracket, tilde] = [0x21, 0x3c, 0x5b, 0x7e];

/** Whether the first character tells already that there is something to see: one of ASCII, and not that of a mark of reasoning. */
function beginsVisibly(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= exclamationMark && first <= tilde && first !== lessThan && first !== bracket;
}

/** The mark of the reasoning with which a text begins. */
export function findReasoningMark(text: string): string | undefined {
  const [, name] = tag.exec(text) ?? [];
  if (name !== undefined) return `<${name.toLowerCase()}>`;
  return ownMark
    .exec(text)
    ?.slice(1)
    .find((mark) => mark !== undefined);
}

/** Reasoning that does not end is all there is. */
function withoutReasoning(text: string): string {
  const [, name] = tag.exec(text) ?? [];
  const end = name === undefined ? endOf[findReasoningMark(text) ?? ""] : `</${name}>`;
  if (end === undefined) return text;
  const at = text.lastIndexOf(end);
  return at === -1 ? "" : text.slice(at + end.length);
}
