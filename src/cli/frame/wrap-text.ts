import { toPlainText } from "../../errors/index.js";
import { cellsOf, displayWidth, toLetters } from "./display-width.js";

/** So much of one line is looked at, which is more than a terminal is for. */
const maxLine = 100_000;

/**
 * Any text as lines of so many cells at the most, broken between words where that is possible. Its line feeds stay, its tabs are two
 * spaces, and whatever else could steer a terminal is shown as an escape.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines = text.replace(/\r\n/g, "\n").replaceAll("\t", "  ").split("\n");
  return lines.flatMap((line) => wrapLine(toPlainText(line.slice(0, maxLine)), Math.max(1, width)));
}

function wrapLine(line: string, width: number): readonly string[] {
  if (displayWidth(line) <= width) return [line.trimEnd()];
  const lines: string[] = [];
  let current = "";
  let taken = 0;
  const end = (): void => {
    lines.push(current.trimEnd());
    [current, taken] = ["", 0];
  };
  for (const word of line.split(/(?<= )(?! )/)) {
    const bare = displayWidth(word.trimEnd());
    if (taken > 0 && taken + bare > width) end();
    if (bare <= width) {
      current += word;
      taken += displayWidth(word);
      continue;
    }
    for (const letter of toLetters(word)) {
      const cells = cellsOf(letter);
      if (taken + cells > width && letter !== " ") end();
      current += letter;
      taken += cells;
    }
  }
  if (current.trim() !== "" || lines.length === 0) end();
  return lines;
}
