import { escapeLine } from "./escape-line.js";

/** The text of a constant, as it stands in a line. */
export interface ConstantText {
  readonly bytes: Buffer;
  readonly isAscii: boolean;
}

const texts = new WeakMap<object, ConstantText>();

/**
 * Makes a constant of plain JSON data of our own: it is frozen through and through, so that its text, made once here, may be
 * copied into every line that holds it.
 */
export function toConstant<Value extends object>(value: Value): Value {
  const text = escapeLine(JSON.stringify(value));
  const bytes = Buffer.from(text);
  texts.set(freeze(value), { bytes, isAscii: bytes.length === text.length });
  return value;
}

export function findConstantText(value: object): ConstantText | undefined {
  return texts.get(value);
}

function freeze<Value extends object>(value: Value): Value {
  for (const member of Object.values(value))
    if (typeof member === "object" && member !== null) freeze(member);
  return Object.freeze(value);
}
