/** Whether a placeholder can name a column: what is between the braces is its name as it is. */
export function isNameable(column: string): boolean {
  return column.trim() !== "" && !/[{}]/.test(column);
}

/** Text that stands in a template as it is. */
export function withPlainBraces(text: string): string {
  return text.replace(/[{}]/g, "$&$&");
}

/** What a block of YAML holds as it stands: no control characters, and nothing that some take for the end of a line. */
const blockLine = /^[\t\u0020-\u007E\u00A0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]*$/;

/** A text as the value of a key in YAML: a block of lines where that holds it, and otherwise in quotes, as in JSON. */
export function toYamlText(text: string, indent: string): string {
  const lines = text.split("\n");
  const isPlain = lines.every((line) => blockLine.test(line)) && /^[^\s#]/.test(text) && /\S$/.test(text);
  if (!isPlain) return JSON.stringify(text);
  return ["|-", ...lines.map((line) => (line === "" ? "" : `${indent}${line}`))].join("\n");
}
