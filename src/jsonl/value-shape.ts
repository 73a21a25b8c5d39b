import { type EscapeOptions, escapeLine } from "./escape-line.js";
import { isMadeConstant } from "./known-json.js";

/** The keys that lead to a text of a value, from the outside in; `null` for each array. */
type TextPath = readonly (string | null)[];

/** How many UTF-16 units another text at a place may have in a value of the same shape; 0 where none may stand there. */
export type FreeUnits = (path: TextPath) => number;

/** The text of a value: what stands before, between and behind its holes, with the quotes around them, and the texts in them. */
export interface ShapedValue {
  readonly stretches: readonly Buffer[];
  readonly texts: readonly string[];
}

/** Of a value that is made of more no shape is kept: it would fill the memory. */
const maxPlaces = 2_000;

/** What stands at one place of a value; every key is there, so that the engine reads all alike. */
interface Place {
  /** How many units another text here may have. */
  readonly freeUnits: number;
  /** Whether another text stood here before. */
  isHole: boolean;
  /** A plain value, or a constant of ours. Nothing for a hole, and for what has members. */
  held: unknown;
  /** Of an object or array. */
  readonly prototype: object | null | undefined;
  /** Of an object. */
  readonly names: readonly string[] | undefined;
  readonly members: readonly Place[];
}

/**
 * A value of plain JSON data that was written, with a hole for each free text that came to be another one. Another value has the shape
 * where it is the same outside the holes: plain JSON data too, with the same names in the same order, and equal plain values. Then its JSON
 * is what stands between the holes, which is kept, and the texts that fill them. That a value came before proves nothing, for it may
 * have been changed: each time all of it is looked at, and read once.
 */
export class ValueShape {
  readonly #root: Place;
  readonly #options: EscapeOptions;
  #holes = 0;
  #stretches: readonly Buffer[] | undefined;

  private constructor(root: Place, options: EscapeOptions) {
    this.#root = root;
    this.#options = options;
  }

  /** The shape of a value of plain JSON data; nothing for one that is made of too much. */
  static of(value: object, freeUnits: FreeUnits, options: EscapeOptions): ValueShape | undefined {
    const root = new PlaceReader(freeUnits).read(value, []);
    return root === undefined ? undefined : new ValueShape(root, options);
  }

  match(value: object): ShapedValue | undefined {
    const texts: string[] = [];
    if (!this.#matches(value, this.#root, texts)) return undefined;
    // A getter may have written a value of its own meanwhile, and opened a hole that was passed.
    if (texts.length !== this.#holes) return undefined;
    this.#stretches ??= toStretches(this.#root, this.#options);
    return { stretches: this.#stretches, texts };
  }

  /**
   * Looks at what is neither the same text, number or constant as before, and takes the text of a hole, which it opens where another text
   * may stand. All in one, which makes it too long for the engine to compile it again into each function that calls it, and into itself:
   * that takes longer than it saves.
   */
  #matches(value: unknown, place: Place, texts: string[]): boolean {
    const { prototype, names, members } = place;
    if (prototype === undefined) {
      const { freeUnits, isHole } = place;
      // An empty text, and one with half a character, may mean something else to a rule.
      if (freeUnits === 0 || typeof value !== "string" || value === "" || !value.isWellFormed()) return false;
      if (freeUnits !== Infinity && value.length > freeUnits) return false;
      if (!isHole) {
        place.isHole = true;
        place.held = undefined;
        this.#holes += 1;
        this.#stretches = undefined;
      }
      texts.push(value);
      return true;
    }
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== prototype)
      return false;
    let index = 0;
    if (Array.isArray(value)) {
      if (names !== undefined || value.length !== members.length) return false;
      for (; index < members.length; index += 1) {
        const found: unknown = value[index];
        const member = members[index];
        if (member === undefined || found === undefined) return false;
        if (found !== member.held && !this.#matches(found, member, texts)) return false;
      }
      return true;
    }
    if (names === undefined) return false;
    const given = value as Readonly<Record<string, unknown>>;
    // Not Object.keys: the engine reads the values of a for-in loop much faster.
    for (const name in given) {
      const found = given[name];
      // biome-ignore lint/suspicious/noPrototypeBuiltins: in a for-in loop the engine knows what comes of it, but not of a constant or Object.hasOwn.
      if (found === undefined || !Object.prototype.hasOwnProperty.call(given, name)) continue;
      const member = members[index];
      if (member === undefined || names[index] !== name) return false;
      index += 1;
      if (found === member.held) continue;
      if (member.isHole && member.freeUnits === Infinity && isWholeText(found)) texts.push(found);
      else if (!this.#matches(found, member, texts)) return false;
    }
    return index === members.length;
  }
}

/** A text that may stand in a hole: an empty one, and one with half a character, may mean something else to a rule. */
function isWholeText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.isWellFormed();
}

class PlaceReader {
  readonly #freeUnits: FreeUnits;
  #places = 0;

  constructor(freeUnits: FreeUnits) {
    this.#freeUnits = freeUnits;
  }

  read(value: unknown, path: TextPath): Place | undefined {
    this.#places += 1;
    if (this.#places > maxPlaces) return undefined;
    if (typeof value === "object" && value !== null) return this.#readObject(value, path);
    return this.#toPlace({ freeUnits: isWholeText(value) ? this.#freeUnits(path) : 0, held: value });
  }

  #readObject(value: object, path: TextPath): Place | undefined {
    const prototype = Object.getPrototypeOf(value) as object | null;
    const isList = Array.isArray(value);
    if (isMadeConstant(value))
      return this.#toPlace({ held: value, prototype, names: isList ? undefined : Object.keys(value) });
    const entries = isList
      ? value.map((element: unknown) => [null, element] as const)
      : Object.entries(value).filter(([, member]) => member !== undefined);
    const members: Place[] = [];
    for (const [name, member] of entries) {
      const place = this.read(member, [...path, name]);
      if (place === undefined) return undefined;
      members.push(place);
    }
    const names = isList ? undefined : entries.map(([name]) => name ?? "");
    return this.#toPlace({ prototype, names, members });
  }

  #toPlace({ freeUnits = 0, held, prototype, names, members = [] }: Partial<Place>): Place {
    return { freeUnits, isHole: false, held, prototype, names, members };
  }
}

function toStretches(root: Place, options: EscapeOptions): readonly Buffer[] {
  const stretches: string[] = [""];
  for (const piece of toPieces(root)) {
    stretches[stretches.length - 1] += piece ?? '"';
    if (piece === undefined) stretches.push('"');
  }
  return stretches.map((stretch) => Buffer.from(escapeLine(stretch, options)));
}

/** The JSON of a value bit by bit, with nothing for each hole. */
function* toPieces({ isHole, held, prototype, names, members }: Place): Generator<string | undefined> {
  if (isHole) return yield undefined;
  if (prototype === undefined || held !== undefined) return yield JSON.stringify(held);
  yield names === undefined ? "[" : "{";
  for (const [index, member] of members.entries()) {
    if (index > 0) yield ",";
    if (names !== undefined) yield `${JSON.stringify(names[index])}:`;
    yield* toPieces(member);
  }
  yield names === undefined ? "]" : "}";
}
