/** What cannot be seen: white space, and characters that only say how others are shown. */
const unseen = /^[\s\p{Cf}]*$/u;

/** How models mark their reasoning, where a server leaves it in the text. */
const reasoning = /^\s*<(think|thinking|thought|reasoning)>/i;

/** Whether a text says nothing: it is blank, or nothing but reasoning. */
export function isBlank(text: string | undefined): boolean {
  if (text === undefined) return true;
  return !beginsVisibly(text) && unseen.test(withoutReasoning(text));
}

const [exclamationMark, lessThan, tilde] = [0x21, 0x3c, 0x7e];

/** Whether the first character tells already that there is something to see: one of ASCII, and not that of a mark of reasoning. */
function beginsVisibly(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= exclamationMark && first <= tilde && first !== lessThan;
}

export function beginsWithReasoning(text: string): boolean {
  return reasoning.test(text);
}

/** Reasoning that does not end is all there is. */
function withoutReasoning(text: string): string {
  const [opening, name] = reasoning.exec(text) ?? [];
  if (opening === undefined) return text;
  const end = text.lastIndexOf(`</${name}>`);
  return end === -1 ? "" : text.slice(end + `</${name}>`.length);
}
