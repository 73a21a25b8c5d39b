import type { Random } from "./random.js";
import { compileSchema, type ValueMaker } from "./schema/compile-schema.js";
import { SchemaFault } from "./schema/schema-fault.js";
import { ServiceError } from "./service-error.js";

/** Writes one answer. */
export type TextWriter = (random: Random) => string;

/** What a schema is for, to be named where it is refused. */
export interface SchemaUse {
  /** As in `response_format 'city'`. */
  readonly subject: string;
  readonly param: string;
  readonly code: string;
}

/** Most files have a handful of schemas; of more than these the oldest are compiled again when they return. */
const maxKept = 200;
const maxKeptLength = 1_000_000;

/** Writes JSON that fits a schema. Keeps what it found out about the schemas of earlier requests. */
export class SchemaTexts {
  readonly #kept = new Map<string, ValueMaker | SchemaFault>();

  /** @throws ServiceError 400 for a schema for which nothing is made up. */
  writerFor(schema: unknown, { subject, param, code }: SchemaUse): TextWriter {
    const make = this.#makerFor(schema);
    if (make instanceof SchemaFault) {
      throw new ServiceError(400, `Invalid schema for ${subject}: ${make.message}`, { param, code });
    }
    return (random) => JSON.stringify(make(random));
  }

  #makerFor(schema: unknown): ValueMaker | SchemaFault {
    const key = JSON.stringify(schema);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const maker = toMaker(schema);
    if (key.length > maxKeptLength) return maker;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < maxKept) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(key, maker);
    return maker;
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
