import { OpenbatchError } from "../../errors/index.js";

/** A stretch of a template: text that stays as it is, or the place of a value. */
export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "placeholder"; readonly name: string };

export interface PlaceholderOptions {
  /**
   * What may stand between the braces. `"identifier"`: a plain name of letters of any script, digits and `_`.
   * `"column"`: whatever is there up to the closing brace, as in `{First Name}` or `{price ($)}`.
   */
  readonly names: "identifier" | "column";
  /** Where the text stands, for the errors, as in `message 1 (system)`. */
  readonly place?: string;
}

const plainBraces = "Write {{ and }} for plain braces.";

/**
 * Cuts a template into literal text and placeholders, in order; `{{` and `}}` become plain braces.
 * Neighbouring literals are one, and none is empty.
 *
 * @throws OpenbatchError `invalid_template` for any other brace, with its line and column.
 *
 * @example
 * ```ts
 * parsePlaceholders("Dear {name},", { names: "identifier" });
 * // [{ kind: "literal", text: "Dear " }, { kind: "placeholder", name: "name" }, { kind: "literal", text: "," }]
 * ```
 */
export function parsePlaceholders(text: string, options: PlaceholderOptions): readonly Segment[] {
  const segments: Segment[] = [];
  let literal = "";
  let position = 0;
  for (let index = nextBrace(text, 0); index >= 0; index = nextBrace(text, position)) {
    literal += text.slice(position, index);
    if (text[index] === text[index + 1]) {
      literal += text[index];
      position = index + 2;
      continue;
    }
    const name = readName(text, index, options);
    if (literal !== "") segments.push({ kind: "literal", text: literal });
    segments.push({ kind: "placeholder", name });
    literal = "";
    position = index + name.length + 2;
  }
  literal += text.slice(position);
  if (literal !== "") segments.push({ kind: "literal", text: literal });
  return segments;
}

function nextBrace(text: string, from: number): number {
  const brace = /[{}]/g;
  brace.lastIndex = from;
  return brace.exec(text)?.index ?? -1;
}

/** The name in the placeholder that opens at `index`. */
function readName(text: string, index: number, options: PlaceholderOptions): string {
  const refuse = (what: string, hint: string): never => {
    throw new OpenbatchError("invalid_template", `${toPlace(text, index, options.place)}: ${what}`, { hint });
  };
  if (text[index] === "}") return refuse('a "}" that closes nothing.', plainBraces);
  const end = nextBrace(text, index + 1);
  if (end < 0 || text[end] === "{") return refuse('a "{" that is not closed.', plainBraces);
  const name = text.slice(index + 1, end);
  if (name.trim() === "") return refuse("a placeholder without a name.", `Name its variable. ${plainBraces}`);
  if (options.names === "identifier" && readIdentifier(name) !== name) refuseName(name, refuse);
  return name;
}

/** The name that a text starts with. */
function readIdentifier(text: string): string | undefined {
  // The engine makes it where it stands: outside it would take half a millisecond of each import of the package.
  return /^[\p{ID_Start}_]\p{ID_Continue}*/u.exec(text)?.[0];
}

/** Says by its name what Python's `str.format` would make of it, and shows no more of the text than a name. */
function refuseName(found: string, refuse: (what: string, hint: string) => never): never {
  const name = readIdentifier(found.trimStart());
  if (/^\d+$/.test(found))
    refuse(`a positional placeholder, {${found}}.`, "Name its variable, as in {name}.");
  if (name === found.trim()) refuse(`spaces around {${name}}.`, `Write {${name}}.`);
  switch (name !== undefined && found[name.length]) {
    case ".":
      return refuse(`attribute access, {${name}.…}.`, `Give the value itself, as in {${name}}.`);
    case "[":
      return refuse(`an index, {${name}[…]}.`, `Give the value itself, as in {${name}}.`);
    case "!":
      return refuse(`a conversion, {${name}!…}.`, `Write {${name}}, and convert the value before.`);
    case ":":
      return refuse(
        `a format spec, {${name}:…}.`,
        `Write {${name}}, and format the value before. ${plainBraces}`,
      );
    default:
      return refuse(
        "what stands between { and } is no name.",
        `A name has letters, digits and _, and starts with no digit. ${plainBraces}`,
      );
  }
}

function toPlace(text: string, index: number, place = "the template"): string {
  const before = text.slice(0, index).split("\n");
  return `${toSentenceStart(place)}, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** A place as a sentence starts with it: `message 1 (user)` → `Message 1 (user)`. */
export function toSentenceStart(place: string): string {
  return `${place.charAt(0).toUpperCase()}${place.slice(1)}`;
}
