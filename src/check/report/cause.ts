import type { Problem } from "../../errors/index.js";

const pathIndexes = /\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g;
const quotesAndNumbers = /"(?:[^"\\]|\\.)*"|\d[\d.,]*/g;

/**
 * What problems of different lines have in common when they have one cause: all but positions, numbers and ids.
 * Names and members of enums stay apart, for each is a slip of its own.
 */
export function causeOf({ severity, code, path, message, hint }: Problem): string {
  const keepQuotes = path !== "custom_id";
  return [
    severity,
    code,
    path.replace(pathIndexes, "[*]"),
    generalise(message, keepQuotes),
    generalise(hint, keepQuotes),
  ].join("\n");
}

function generalise(text: string, keepQuotes: boolean): string {
  return text.replace(quotesAndNumbers, (found) => (keepQuotes && found.startsWith('"') ? found : "#"));
}
