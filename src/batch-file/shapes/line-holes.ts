import { randomInt } from "node:crypto";
import { isObject } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { listValues, maxDepth, type ValuePlace } from "./list-values.js";

/**
 * What may stand at a place of a line in other lines of the same shape: any text, a word without escapes, a number, a list of numbers that
 * is read into 32-bit floats. Of what nobody reads the value is not made.
 */
export interface HoleKind {
  readonly kind: "text" | "word" | "number" | "floats";
  readonly isRead: boolean;
}

/** What may differ at a place. */
export type HoleAt = (path: ValuePlace["path"]) => HoleKind | undefined;

/** A place of a line where another may have something else. */
export interface LineHole extends HoleKind {
  /** In the line, in characters; of a string without its quotes. */
  readonly start: number;
  readonly end: number;
  /** In the value of the line. */
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Nothing is kept of a longer line: its shape would fill the memory. A longer line may have a shape that is known. */
const maxLength = 1_048_576;

/** Numbers that nobody can foresee, of which each stands in one hole. */
const firstMark = randomInt(2 ** 46, 2 ** 47);

/**
 * Finds the holes of a line; `undefined` for one that is too long, and where what stands at a place is not what is read there, as with
 * two equal keys. That shows when the line is parsed with a mark in each hole: where its mark is found belongs what stands in a hole.
 * @param line an object that `JSON.parse` takes.
 * @param value what it makes of it.
 */
export function findHoles(line: string, value: object, holeAt: HoleAt): readonly LineHole[] | undefined {
  if (line.length > maxLength) return undefined;
  // Places in the bytes are those in the text where every character is one byte.
  const places = listValues(toBytes(line)).flatMap((place) => {
    const hole = holeAt(place.path);
    if (hole === undefined) return [];
    const kind = kindAt(hole.kind, place.kind);
    const { start, end } = place;
    return kind === undefined ? [] : [{ kind, isRead: hole.isRead, start, end }];
  });
  const marked = tryParseJson(putMarks(line, places));
  const found = new Map<unknown, Pick<LineHole, "holder" | "key">>();
  findMarks(marked, value, found);
  const holes = places.flatMap((place, number) => {
    const belongs = found.get(toMark(place.kind, number));
    return belongs === undefined ? [] : [{ ...place, ...belongs }];
  });
  return holes.length === places.length ? holes : undefined;
}

/** What a hole is by what stands there: floats may be written as a text too. */
function kindAt(hole: HoleKind["kind"], place: ValuePlace["kind"]): HoleKind["kind"] | undefined {
  switch (place) {
    case "numbers":
      return hole === "floats" ? "floats" : undefined;
    case "number":
      return hole === "number" ? "number" : undefined;
    case "text":
      if (hole === "floats") return "text";
      return hole === "number" ? undefined : hole;
    default:
      return place satisfies never;
  }
}

function toBytes(line: string): Buffer {
  return Buffer.from(line.replace(/[^\0-\x7f]/g, "?"));
}

function putMarks(line: string, places: readonly Pick<LineHole, "start" | "end">[]): string {
  let marked = "";
  let from = 0;
  for (const [number, { start, end }] of places.entries()) {
    marked += `${line.slice(from, start)}${firstMark + number}`;
    from = end;
  }
  return marked + line.slice(from);
}

function toMark(kind: HoleKind["kind"], number: number): string | number {
  // What stands between quotes is a text.
  return kind === "text" || kind === "word" ? `${firstMark + number}` : firstMark + number;
}

/** Goes through a value with marks in it and the same value without them, side by side. */
function findMarks(
  marked: unknown,
  value: unknown,
  found: Map<unknown, Pick<LineHole, "holder" | "key">>,
  depth = 0,
): void {
  if (!isHolder(marked) || !isHolder(value) || depth > maxDepth) return;
  for (const [key, mark] of Object.entries(marked)) {
    if (isHolder(mark)) findMarks(mark, value[key], found, depth + 1);
    else if (mark !== value[key]) found.set(mark, { holder: value, key });
  }
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return isObject(value) || Array.isArray(value);
}
