/**
 * The headers of an answer as they came: name, value, name, value. Of hundreds that a server may send few are asked for, so a value is
 * decoded when it is, and names are read once for all answers that have the same ones, which is nearly all of a server's.
 */
export class AnswerHeaders {
  readonly #raw: readonly Buffer[];
  readonly #names: HeaderNames;

  constructor(raw: readonly Buffer[] = [], names = new HeaderNames(raw)) {
    this.#raw = raw;
    this.#names = names;
  }

  /** Those of another answer, which are likely to have the same names. */
  next(raw: readonly Buffer[]): AnswerHeaders {
    return new AnswerHeaders(raw, this.#names.areThoseOf(raw) ? this.#names : undefined);
  }

  /** In lower case: the same set where an answer before had the same names. */
  get names(): ReadonlySet<string> {
    return this.#names.all;
  }

  /** What a server and a proxy before it say alike is said once. @param name in lower case. */
  get(name: string): string | undefined {
    const places = this.#names.placesOf(name);
    if (places === undefined) return undefined;
    const [first = 0] = places;
    if (places.length === 1) return this.#at(first);
    return [...new Set(places.map((place) => this.#at(place)))].join(", ");
  }

  #at(place: number): string {
    return this.#raw[place]?.toString("latin1") ?? "";
  }
}

/** The names of a list of headers, in their order. */
class HeaderNames {
  /** Copies: what they came in may be large. */
  readonly #raw: readonly Buffer[];
  /** Where the values of each name stand. */
  readonly #places = new Map<string, number[]>();
  readonly all: ReadonlySet<string>;

  constructor(raw: readonly Buffer[]) {
    this.#raw = raw.filter((_, index) => index % 2 === 0).map((name) => Buffer.from(name));
    for (const [index, bytes] of this.#raw.entries()) {
      const name = bytes.toString("latin1").toLowerCase();
      const places = this.#places.get(name);
      if (places === undefined) this.#places.set(name, [2 * index + 1]);
      else places.push(2 * index + 1);
    }
    this.all = new Set(this.#places.keys());
  }

  placesOf(name: string): readonly number[] | undefined {
    return this.#places.get(name);
  }

  areThoseOf(raw: readonly Buffer[]): boolean {
    if (raw.length !== 2 * this.#raw.length) return false;
    for (let index = 0; index < this.#raw.length; index++)
      if (!isSame(this.#raw[index], raw[2 * index])) return false;
    return true;
  }
}

/** For so few bytes a loop is faster than a call into Node. */
function isSame(a: Buffer | undefined, b: Buffer | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
