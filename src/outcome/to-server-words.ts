import { toPlainText } from "../errors/index.js";

const maxCharacters = 200;

/** What a server says of an error, for one line of a message. `undefined` where that is nothing, or a page for a browser. */
export function toServerWords(message: string): string | undefined {
  const words = message.trim().replace(/\s+/g, " ");
  if (words === "" || words.startsWith("<")) return undefined;
  const characters = [...words];
  const shown =
    characters.length > maxCharacters ? `${characters.slice(0, maxCharacters - 1).join("")}…` : words;
  return toPlainText(shown);
}
