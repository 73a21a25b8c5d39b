import type { Random } from "../../format/index.js";
import { compileSchema, SchemaFault, type ValueMaker } from "../../format/index.js";
import { RehearsedError } from "./rehearsed-error.js";

/** Writes one answer. */
export type TextWriter = (random: Random) => string;

/** What a schema is for, to be named where it is refused. */
export interface SchemaUse {
  /** As in `response_format 'city'`. */
  readonly subject: string;
  readonly param: string;
  readonly code: string;
}

/** How much of schemas is kept, in characters. What is made of each takes some sixty bytes. */
const maxKeptLength = 1_000_000;

/** Writes JSON that fits a schema. Keeps what it found out about the schemas of earlier requests. */
export class SchemaTexts {
  readonly #kept = new Map<string, ValueMaker | SchemaFault>();
  #keptLength = 0;

  /** @throws RehearsedError 400 for a schema for which nothing is made up. */
  writerFor(schema: unknown, { subject, param, code }: SchemaUse): TextWriter {
    const make = this.#makerFor(schema);
    if (make instanceof SchemaFault) {
      throw new RehearsedError(400, `Invalid schema for ${subject}: ${make.message}`, { param, code });
    }
    return (random) => JSON.stringify(make(random));
  }

  #makerFor(schema: unknown): ValueMaker | SchemaFault {
    const key = JSON.stringify(schema);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const maker = toMaker(schema);
    this.#keep(key, maker);
    return maker;
  }

  #keep(key: string, maker: ValueMaker | SchemaFault): void {
    if (key.length > maxKeptLength) return;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptLength + key.length <= maxKeptLength) break;
      this.#kept.delete(oldest);
      this.#keptLength -= oldest.length;
    }
    this.#kept.set(key, maker);
    this.#keptLength += key.length;
  }
}

function toMaker(schema: unknown): ValueMaker | SchemaFault {
  try {
    return compileSchema(schema);
  } catch (error) {
    if (error instanceof SchemaFault) return error;
    throw error;
  }
}
