import { appendPointer } from "../../api/index.js";
import type { Random } from "../chance/random.js";
import { pickWord, pickWords } from "../chance/words.js";
import type { PatternWriter } from "../patterns/pattern-writer.js";
import { Unmakeable } from "../patterns/unmakeable.js";
import { greatest, smallest, textAt } from "./keyword-values.js";
import type { PlacedSchema, SchemaDocument } from "./schema-document.js";
import { SchemaFault } from "./schema-fault.js";
import { type StringFormat, stringFormats } from "./string-format.js";
import { type Making, nothing, type Recipe } from "./value-node.js";

/** Longer texts are not made up. */
const maxTextLength = 1_000_000;

/** Texts that fit all lengths, patterns and formats: words, where there are only lengths. */
export function toStringRecipe(places: readonly PlacedSchema[], document: SchemaDocument): Recipe {
  const sizes = { min: greatest(places, "minLength", 0), max: smallest(places, "maxLength", maxTextLength) };
  if (sizes.min > sizes.max) return nothing;
  document.noteLength(sizes.min);
  const writers = places.flatMap((place) => patternAt(place, document) ?? []);
  const formats = places.flatMap((place) => formatAt(place) ?? unknownFormat(place, writers));
  if (writers.length === 0 && formats.length === 0) {
    return { measure: () => 0, make: ({ random, spread }) => toWords(random, spread, sizes) };
  }
  const search = { writers, formats, sizes };
  return { measure: () => 0, make: (making) => findText(search, making) };
}

/** Whether a text fits what a schema says of texts. */
export function fitsText(text: string, place: PlacedSchema, document: SchemaDocument): boolean {
  const sizes = { min: greatest([place], "minLength", 0), max: smallest([place], "maxLength", Infinity) };
  return (
    hasLength(text, sizes) &&
    patternAt(place, document)?.pattern.test(text) !== false &&
    formatAt(place)?.isValid(text) !== false
  );
}

function patternAt(place: PlacedSchema, document: SchemaDocument): PatternWriter | undefined {
  const source = textAt(place, "pattern");
  return source === undefined ? undefined : document.pattern(source, appendPointer(place.pointer, "pattern"));
}

function formatAt(place: PlacedSchema): StringFormat | undefined {
  return stringFormats.get(textAt(place, "format") ?? "");
}

/** Libraries name formats of their own beside patterns, which say all that there is to say. */
function unknownFormat(place: PlacedSchema, writers: readonly PatternWriter[]): readonly [] {
  if (textAt(place, "format") === undefined || writers.length > 0) return [];
  const known = [...stringFormats.keys()].join(", ");
  throw new SchemaFault(
    appendPointer(place.pointer, "format"),
    `a rehearsal makes up no texts of this format; of ${known} it does.`,
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

function toWords(random: Random, spread: number, { min, max }: Sizes): string {
  let text = pickWords(random, random.between(1, 2 + spread));
  while (text.length < min) text += ` ${pickWord(random)}`;
  return text.length <= max ? text : text.slice(0, max).replace(/ $/, "s");
}

interface TextSearch {
  readonly writers: readonly PatternWriter[];
  readonly formats: readonly StringFormat[];
  readonly sizes: Sizes;
}

/** How many characters longer than the shortest a text along a pattern is at most. */
const usualSlack = 10;
const trialsPerForm = 4;
const trialsPerPattern = 40;

function findText(search: TextSearch, making: Making): string {
  const { writers, formats, sizes } = search;
  const hasShape = (text: string): boolean =>
    hasLength(text, sizes) && writers.every(({ pattern }) => pattern.test(text));
  for (const text of listTexts(search, making)) {
    if (hasShape(text) && formats.every(({ isValid }) => isValid(text))) return text;
  }
  const [only, ...others] = formats;
  const lenientForms = others.length > 0 ? [] : (only?.lenientForms ?? []);
  for (const text of listFormatted(lenientForms, making.random)) if (hasShape(text)) return text;
  throw new Unmakeable();
}

/** Texts that may fit, the likely ones first. */
function* listTexts({ formats, writers, sizes }: TextSearch, making: Making): Iterable<string> {
  const { random } = making;
  for (const { forms } of formats) yield* listFormatted(forms, random);
  for (const writer of writers) {
    for (let trial = 0; trial < trialsPerPattern; trial += 1) {
      const text = writer.write(random, toSlack(writer.shortest, sizes, making));
      yield text;
      if (text.length < sizes.min) yield* pad(text, sizes.min, random);
    }
  }
  // A beginning and an end, each with a pattern of its own.
  for (let trial = 0; writers.length > 1 && trial < trialsPerPattern; trial += 1) {
    const parts = writers.map((writer) => writer.write(random, toSlack(writer.shortest, sizes, making)));
    yield parts.join("");
    yield parts.reverse().join("");
  }
}

function* listFormatted(forms: StringFormat["forms"], random: Random): Iterable<string> {
  const first = random.below(forms.length);
  for (let trial = 0; trial < forms.length * trialsPerForm; trial += 1) {
    const write = forms[(first + trial) % forms.length];
    if (write !== undefined) yield write(random);
  }
}

/** How much longer than the shortest a text is to be. */
function toSlack(shortest: number, { min, max }: Sizes, { random, spread }: Making): number {
  const last = Math.min(max, Math.max(min, shortest) + usualSlack * (1 + spread));
  return Math.max(0, random.between(min, Math.max(min, last)) - shortest);
}

/** For a pattern that is open at an end. */
function* pad(text: string, min: number, random: Random): Iterable<string> {
  const words = toWords(random, 0, { min: min - text.length, max: min - text.length });
  yield text + words;
  yield words + text;
}
