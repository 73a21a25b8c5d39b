import { readFile } from "node:fs/promises";
import type { Document, ErrorCode, Node } from "yaml";
import { OpenbatchError, toFileError } from "../errors/index.js";

/** A template file, parsed, that still knows its lines. */
export interface RowTemplateSource {
  /** What the file holds. */
  readonly value: unknown;
  /** The line of what stands at a place in the file, or of the nearest place around it. */
  readonly lineOf: (steps: readonly (string | number)[]) => number;
  /** An error about that place. */
  readonly errorAt: (steps: readonly (string | number)[], message: string, hint?: string) => OpenbatchError;
}

/** Reads a template in YAML; JSON is YAML too. */
export async function readTemplateSource(path: string): Promise<RowTemplateSource> {
  const text = await readTemplateText(path);
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (node: unknown): number => lines.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  const lineOf = (steps: readonly (string | number)[]): number => {
    let node: unknown = document.contents;
    let line = 1;
    for (const step of steps) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
        if (pair === undefined) break;
        line = lineAt(pair.key);
        node = pair.value;
      } else if (isSeq(node) && node.items[Number(step)] !== undefined) {
        node = node.items[Number(step)];
        line = lineAt(node);
      } else break;
    }
    return line;
  };
  assertReadable(document, (position) => `${path}:${lines.linePos(position).line}`);
  return {
    value: document.toJS({ maxAliasCount: 1000 }),
    lineOf,
    errorAt: (steps, message, hint) =>
      new OpenbatchError(
        "invalid_template",
        `${path}:${lineOf(steps)}: ${message}`,
        hint === undefined ? {} : { hint },
      ),
  };
}

async function readTemplateText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause) => {
    throw toFileError(cause, "read", path);
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new OpenbatchError("invalid_template", `${path} is not UTF-8.`, {
      cause,
      hint: "Save the template as UTF-8.",
    });
  }
}

const quoting =
  'Put text in quotes if it starts with { [ * & ! % @ or holds ": " or " #"; or write it below a line that ends in |.';

/** What the parser's commonest errors are called here; its own words quote the file. */
const faults: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: "* starts a reference to an anchor that is not there.",
  BAD_DQ_ESCAPE: 'a backslash in a "…" text that escapes nothing.',
  BAD_INDENT: "the indentation does not fit to the lines above.",
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " in one line.',
  DUPLICATE_KEY: "a key that is there already.",
  MISSING_CHAR: "a quote, a bracket or a colon is missing.",
  MULTIPLE_DOCS: "a second document begins; a template is one.",
  TAB_AS_INDENT: "a tab in the indentation; YAML takes spaces alone.",
};

function assertReadable(document: Document.Parsed, toPlace: (position: number) => string): void {
  const [error] = [...document.errors, ...document.warnings];
  if (error === undefined) return;
  const message = faults[error.code] ?? `this is not YAML (${error.code}).`;
  throw new OpenbatchError("invalid_template", `${toPlace(error.pos[0])}: ${message}`, { hint: quoting });
}
