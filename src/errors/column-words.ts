import { toVisibleText } from "./message-text.js";

/** Asks whether a column was meant, as it is written there. What cannot be seen in its name is shown, and cannot be typed so. */
export function askForColumn(written: string): string {
  const shown = toVisibleText(written);
  const question = `Did you mean ${shown}?`;
  return shown === written
    ? question
    : `${question} The table has a character in this name that does not show: take it out there.`;
}

/** The names of columns in a sentence; long ones are cells of a table without a header, which is content. */
export function listColumns(columns: readonly string[]): string {
  const shown = columns
    .slice(0, 20)
    .map((name) =>
      name.length <= 64 ? toVisibleText(JSON.stringify(name)) : `a name of ${name.length} characters`,
    );
  const others = columns.length - shown.length;
  return `${shown.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}
