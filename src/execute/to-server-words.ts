const maxCharacters = 200;

/** Characters that could steer a terminal: controls and marks of direction. */
const steering = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** What a server says of an error, for one line of a message. `undefined` where that is nothing, or a page for a browser. */
export function toServerWords(message: string): string | undefined {
  const words = message.trim().replace(/\s+/g, " ");
  if (words === "" || words.startsWith("<")) return undefined;
  const characters = [...words];
  const shown =
    characters.length > maxCharacters ? `${characters.slice(0, maxCharacters - 1).join("")}…` : words;
  return shown.replace(
    steering,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
