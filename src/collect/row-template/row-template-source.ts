import { readFile } from "node:fs/promises";
import type { Document, Node, visit } from "yaml";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import {
  anchorInsideItself,
  type TemplateFault,
  tooManyReferences,
  toTemplateFault,
  unknownAnchor,
} from "./row-template-faults.js";

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
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } = await import("yaml");
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
  const faultAt: FaultAt = (position, { message, hint }) =>
    new OpenbatchError("invalid_template", `${path}:${lines.linePos(position).line}: ${message}`, { hint });
  assertReadable(document, faultAt);
  assertReferences(document, visit, faultAt);
  return {
    value: toValue(document, faultAt),
    lineOf,
    errorAt: (steps, message, hint) =>
      new OpenbatchError(
        "invalid_template",
        `${path}:${lineOf(steps)}: ${message}`,
        hint === undefined ? {} : { hint },
      ),
  };
}

/** An error about what stands at a position of the text. */
type FaultAt = (position: number, fault: TemplateFault) => OpenbatchError;

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

/** Says the first thing that is wrong, in words of our own. */
function assertReadable({ errors, warnings }: Document.Parsed, faultAt: FaultAt): void {
  const [error] = [...errors, ...warnings];
  if (error !== undefined) throw faultAt(error.pos[0], toTemplateFault(error));
}

/** The parser resolves references only when values are made, and follows those that go in circles. */
function assertReferences(document: Document.Parsed, visitNodes: typeof visit, faultAt: FaultAt): void {
  visitNodes(document, {
    Alias: (_, alias, path) => {
      const found = alias.resolve(document);
      const position = alias.range?.[0] ?? 0;
      if (found === undefined) throw faultAt(position, unknownAnchor);
      if (path.includes(found)) throw faultAt(position, anchorInsideItself);
    },
  });
}

function toValue(document: Document.Parsed, faultAt: FaultAt): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (cause) {
    if (cause instanceof ReferenceError) throw faultAt(0, tooManyReferences);
    throw cause;
  }
}
