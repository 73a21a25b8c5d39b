import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";

/** What a file of settings holds; `undefined` where it is no YAML. */
export interface SettingsText {
  readonly value: unknown;
  /** Where something stands, or else what is around it: `line 3, column 5`. */
  readonly placeOf: (steps: readonly (string | number)[]) => string;
}

const maxLength = 1_048_576;

/** Reads settings in YAML, without references: nothing of them needs any. */
export function parseSettings(text: string): SettingsText {
  const lines = new LineCounter();
  if (text.length > maxLength) return { value: undefined, placeOf: () => "line 1, column 1" };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  const toPlace = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  if (error !== undefined) return { value: undefined, placeOf: () => toPlace(error.pos[0]) };
  return {
    value: toValue(document),
    placeOf: (steps) => toPlace(findOffset(document.contents, steps)),
  };
}

function toValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

function findOffset(contents: unknown, steps: readonly (string | number)[]): number {
  let node = contents;
  let offset = 0;
  const note = (found: unknown): void => {
    offset = (found as Node | null)?.range?.[0] ?? offset;
  };
  note(node);
  for (const step of steps) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
      : undefined;
    const found = pair === undefined && isSeq(node) ? node.items[Number(step)] : pair?.value;
    if (pair === undefined && found === undefined) break;
    note(pair?.key ?? found);
    node = found;
  }
  return offset;
}
