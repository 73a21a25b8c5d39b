/** A fenced block of a page, and the comment right above it, which may say how the tests take it. */
export interface Block {
  readonly page: string;
  /** The line of the page on which the code starts, 1-based. */
  readonly line: number;
  readonly language: string;
  /** What the HTML comment above says: `not run: why`, `not checked: why`, `continues` or `file: NAME`. */
  readonly note: string;
  readonly code: string;
}

/** A command of a console block, with what the page shows of its output. */
export interface ShownCommand {
  readonly line: number;
  readonly command: string;
  readonly output: readonly string[];
}

/** The fenced blocks of a page of Markdown, in order. */
export function parseBlocks(page: string, text: string): readonly Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, indent, fence, language] = /^(\s*)(`{3,})(\w*)\s*$/.exec(lines[index] ?? "") ?? [];
    if (indent === undefined || fence === undefined || language === undefined) continue;
    const end = lines.findIndex((line, at) => at > index && line.trim() === fence);
    const code = lines.slice(index + 1, end).map((line) => line.slice(indent.length));
    const line = index + 2;
    blocks.push({ page, line, language, note: noteAbove(lines, index), code: `${code.join("\n")}\n` });
    index = end === -1 ? lines.length : end;
  }
  return blocks;
}

/** The examples in the doc comments of a source file, as blocks. */
export function parseExamples(page: string, source: string): readonly Block[] {
  return parseBlocks(page, source.replace(/^[ \t]*\* ?/gm, ""));
}

/** The commands of a console block: `$ command` (a `\` at the end goes on), then its output. */
export function parseCommands(block: Block): readonly ShownCommand[] {
  const commands: { line: number; command: string; output: string[] }[] = [];
  let goesOn = false;
  for (const [index, text] of block.code.trimEnd().split("\n").entries()) {
    const last = commands.at(-1);
    if (text.startsWith("$ "))
      commands.push({ line: block.line + index, command: text.slice(2), output: [] });
    else if (goesOn && last !== undefined) last.command += `\n${text}`;
    else last?.output.push(text.trimEnd());
    goesOn = text.endsWith("\\") && (goesOn || text.startsWith("$ "));
  }
  return commands;
}

function noteAbove(lines: readonly string[], index: number): string {
  const above =
    lines
      .slice(0, index)
      .filter((line) => line.trim() !== "")
      .at(-1) ?? "";
  return /^\s*<!--\s*(.*?)\s*-->\s*$/.exec(above)?.[1] ?? "";
}
