import { escapeLine } from "./escape-line.js";
import { traceMatches, traceOf } from "./value-trace.js";

/** The text of a value, as it stands in a line. */
interface KnownText {
  readonly bytes: Buffer;
  readonly isAscii: boolean;
  /** What the value was made of when it was written; none where it cannot change. */
  readonly trace?: readonly unknown[];
}

const texts = new WeakMap<object, KnownText | "changes">();

/** Shorter texts are written as quickly as they are found. */
export const leastKnownBytes = 512;

const maxSeen = 32;

/**
 * Makes a constant of plain JSON data of our own: it is frozen through and through, so that its text, made once here, may be
 * copied into every line that holds it.
 */
export function toConstant<Value extends object>(value: Value): Value {
  texts.set(freeze(value), toKnown(Buffer.from(escapeLine(JSON.stringify(value)))));
  return value;
}

/** Whether a value was made a constant: it stays as it is. */
export function isMadeConstant(value: object): boolean {
  const known = texts.get(value);
  return known !== undefined && known !== "changes" && known.trace === undefined;
}

/** The text of a constant, or of what {@link SeenValues} keeps, if it is as it was. */
export function findKnownText(value: object, ensureAscii: boolean): Buffer | undefined {
  const known = texts.get(value);
  if (known === undefined || known === "changes" || (ensureAscii && !known.isAscii)) return undefined;
  if (known.trace === undefined || traceMatches(known.trace, value)) return known.bytes;
  texts.set(value, "changes");
  return undefined;
}

/**
 * Keeps the text of large values that somebody gives again and again, such as a list of tools. They may be changed in between:
 * so what they are made of is compared each time, which takes a third of the time of writing it.
 */
export class SeenValues {
  readonly #seen: object[] = [];
  #oldest = 0;

  /** Notes what was just written of a value; at the second time it is kept. */
  see(value: object, text: Uint8Array): void {
    if (texts.has(value)) return;
    if (this.#seen.includes(value)) {
      texts.set(value, { ...toKnown(Buffer.from(text)), trace: traceOf(value) });
      return;
    }
    this.#seen[this.#oldest] = value;
    this.#oldest = (this.#oldest + 1) % maxSeen;
  }
}

function toKnown(bytes: Buffer): KnownText {
  return { bytes, isAscii: bytes.every((byte) => byte < 128) };
}

function freeze<Value extends object>(value: Value): Value {
  for (const member of Object.values(value))
    if (typeof member === "object" && member !== null) freeze(member);
  return Object.freeze(value);
}
