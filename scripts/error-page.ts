import type { CodeEntry } from "../src/errors/index.js";

/** The page of docs that lists every code, made from the one table of codes. */
export function toErrorPage(codeTable: Readonly<Record<string, CodeEntry>>): string {
  const rows = Object.entries(codeTable)
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(
      ([code, { what, hint }]) =>
        `## ${code}\n\n${escapeMarkup(what)}\n\n**What to do:** ${escapeMarkup(hint)}\n`,
    );
  return `${head}\n${rows.join("\n")}`;
}

const head = `<!-- Written by \`npm run error-page\` from src/errors/code-table.ts. -->

# Codes of errors and findings

Every error that openbatch throws on purpose is an \`OpenbatchError\` with a \`code\`, a \`message\` that says what happened
and where, and a \`hint\` that says what to do. Findings of the check carry the same codes. A code never changes its meaning.

The command line ends with 0 when it is done, 1 for findings or failures in the data, 2 for wrong usage or an input that
cannot be read, 3 when a cause outside the data stopped it, and 130 when it was interrupted.
`;

/** Markdown takes these characters for markup. */
function escapeMarkup(text: string): string {
  return text.replace(/[<>*]/g, "\\$&");
}
