import { appendPointer } from "../../api/index.js";
import type { Random } from "../random.js";
import { pickWord, pickWords } from "../rehearsed-text.js";
import { greatest, smallest, textAt } from "./keyword-values.js";
import type { PatternWriter } from "./pattern-writer.js";
import type { SchemaDocument, SchemaPlace } from "./schema-document.js";
import { SchemaFault } from "./schema-fault.js";
import { type StringFormat, stringFormats } from "./string-format.js";
import { type Making, nothing, type Recipe, Unmakeable } from "./value-node.js";

/** Longer texts are not made up. */
const maxTextLength = 1_000_000;

/** Texts that fit all lengths, patterns and formats: words, where there are only lengths. */
export function toStringRecipe(places: readonly SchemaPlace[], document: SchemaDocument): Recipe {
  const min = greatest(places, "minLength", 0);
  const max = smallest(places, "maxLength", maxTextLength);
  if (min > max) return nothing;
  const writers = places.flatMap((place) => patternAt(place, document) ?? []);
  const formats = places.flatMap((place) => formatAt(place) ?? []);
  const sizes = { min, max };
  if (writers.length === 0 && formats.length === 0) {
    return { measure: () => 0, make: ({ random, spread }) => toWords(random, spread, sizes) };
  }
  const fits = (text: string, hasFormat = true): boolean =>
    hasLength(text, sizes) &&
    writers.every(({ pattern }) => pattern.test(text)) &&
    (!hasFormat || formats.every(({ isValid }) => isValid(text)));
  return {
    measure: () => 0,
    make(making) {
      for (const text of listTexts({ formats, writers, sizes, making, isLenient: false })) {
        if (fits(text)) return text;
      }
      for (const text of listTexts({ formats, writers, sizes, making, isLenient: true })) {
        if (fits(text, false)) return text;
      }
      throw new Unmakeable();
    },
  };
}

/** Whether a text fits what a schema says of texts. */
export function fitsText(text: string, place: SchemaPlace, document: SchemaDocument): boolean {
  const sizes = { min: greatest([place], "minLength", 0), max: smallest([place], "maxLength", Infinity) };
  return (
    hasLength(text, sizes) &&
    patternAt(place, document)?.pattern.test(text) !== false &&
    formatAt(place)?.isValid(text) !== false
  );
}

interface Sizes {
  readonly min: number;
  readonly max: number;
}

/** Counted in characters, as JSON Schema does, not in UTF-16 units. */
function hasLength(text: string, { min, max }: Sizes): boolean {
  if (text.length < min) return false;
  const length = [...text].length;
  return length >= min && length <= max;
}

function patternAt(place: SchemaPlace, document: SchemaDocument): PatternWriter | undefined {
  const source = textAt(place, "pattern");
  return source === undefined ? undefined : document.pattern(source, place.pointer);
}

function formatAt(place: SchemaPlace): StringFormat | undefined {
  const name = textAt(place, "format");
  if (name === undefined) return undefined;
  const format = stringFormats.get(name);
  if (format !== undefined) return format;
  const known = [...stringFormats.keys()].join(", ");
  throw new SchemaFault(
    appendPointer(place.pointer, "format"),
    `a rehearsal makes up no texts of this format; of ${known} it does.`,
  );
}

function toWords(random: Random, spread: number, { min, max }: Sizes): string {
  let text = pickWords(random, random.between(1, 1 + spread));
  while (text.length < min) text += ` ${pickWord(random)}`;
  return text.length <= max ? text : text.slice(0, max).replace(/ $/, "s");
}

interface TextSearch {
  readonly formats: readonly StringFormat[];
  readonly writers: readonly PatternWriter[];
  readonly sizes: Sizes;
  readonly making: Making;
  readonly isLenient: boolean;
}

/** How many characters longer than the shortest a text along a pattern is at most. */
const usualSlack = 10;
const trialsPerForm = 4;
const trialsPerPattern = 40;

/** Texts that may fit, the likely ones first. */
function* listTexts({ formats, writers, sizes, making, isLenient }: TextSearch): Iterable<string> {
  const { random } = making;
  for (const { forms, lenientForms = [] } of formats) {
    const all = isLenient ? lenientForms : forms;
    const first = random.below(all.length);
    for (let trial = 0; trial < all.length * trialsPerForm; trial += 1) {
      const write = all[(first + trial) % all.length];
      if (write !== undefined) yield write(random);
    }
  }
  for (const writer of writers) {
    for (let trial = 0; trial < trialsPerPattern; trial += 1) {
      const text = writer.write(random, toSlack(writer.shortest, sizes, making));
      yield text;
      if (text.length < sizes.min) yield* pad(text, sizes.min, random);
    }
  }
}

/** How much longer than the shortest a text is to be. */
function toSlack(shortest: number, { min, max }: Sizes, { random, spread }: Making): number {
  const last = Math.min(max, Math.max(min, shortest) + usualSlack * spread);
  return Math.max(0, random.between(min, Math.max(min, last)) - shortest);
}

/** For a pattern that is open at an end. */
function* pad(text: string, min: number, random: Random): Iterable<string> {
  const words = toWords(random, 1, { min: min - text.length, max: min - text.length });
  yield text + words;
  yield words + text;
}
