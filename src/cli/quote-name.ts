import { toPlainText } from "../errors/index.js";

/** Plain words as they are; what has spaces or odd characters, as a JSON string. */
export function quoteName(name: string): string {
  if (/^[\w./:@+-]{1,64}$/.test(name)) return name;
  return toPlainText(JSON.stringify(name.length > 64 ? `${name.slice(0, 60)}…` : name));
}
