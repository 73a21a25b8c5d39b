/** Stands in a frame for a member that is another one each time. */
export const varying = Symbol("varying");

/** A text of JSON; or a number or a flag, which is written as it reads. */
type Json = string | number | boolean;

interface Member {
  readonly name: string;
  /** What stands before its value. */
  readonly key: string;
  /** What is written of it where no value is given. */
  readonly usual: string;
}

/**
 * Writes objects of a type as JSON, of which what is the same each time is made once: to go through all of an answer as an object takes
 * longer than the rest of it.
 */
export class JsonFrame<Type> {
  readonly #members: readonly Member[];

  /** @param usual the members in their order. One that varies is left out where it is not given. */
  constructor(usual: { readonly [Name in keyof Type]: Type[Name] | typeof varying }) {
    this.#members = Object.entries<unknown>(usual).map(([name, value], index) => {
      const key = `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`;
      return { name, key, usual: value === varying ? "" : key + JSON.stringify(value) };
    });
  }

  /** @param others what varies, and what is not as usual. */
  write(others: { readonly [Name in keyof Type]?: Json | undefined }): string {
    const values: Readonly<Record<string, Json | undefined>> = others;
    let text = "";
    for (const { name, key, usual } of this.#members) {
      const value = values[name];
      // A text first, for itself: an addition that has seen numbers too is slower.
      if (typeof value === "string") text += key + value;
      else text += value === undefined ? usual : key + String(value);
    }
    return `${text}}`;
  }
}
