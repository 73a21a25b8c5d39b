/** What a terminal shows in two cells: scripts of East Asia, full-width forms, and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
/** What stands on the letter before it, or nowhere. */
const marks = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const isPlain = /^[\u0020-\u007e]*$/;

let segmenter: Intl.Segmenter | undefined;

/** What is shown as one letter, letter by letter: a family of emoji is one. */
export function toLetters(text: string): readonly string[] {
  if (isPlain.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** In how many cells of a terminal a text is shown. */
export function displayWidth(text: string): number {
  if (isPlain.test(text)) return text.length;
  return toLetters(text).reduce((width, letter) => width + cellsOf(letter), 0);
}

/** The beginning of a text that fits into so many cells, with `…` where there was more. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let [cut, left] = ["", width - 1];
  for (const letter of toLetters(text)) {
    left -= cellsOf(letter);
    if (left < 0) break;
    cut += letter;
  }
  return `${cut}…`;
}

/** The same with spaces behind it, up to so many cells. */
export function padToWidth(text: string, width: number): string {
  return `${text}${" ".repeat(Math.max(0, width - displayWidth(text)))}`;
}

export function cellsOf(letter: string): number {
  if (wide.test(letter)) return 2;
  return marks.test(letter) ? 0 : 1;
}
