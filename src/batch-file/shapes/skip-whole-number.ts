import { notFound } from "../json-bytes.js";

const zero = 0x30;
const nine = 0x39;

/** Goes through the digits of a whole number as JSON has it, without a sign. Gives where they end; {@link notFound} where there is none. */
export function skipWholeNumber(bytes: Buffer, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  const isWritten = at === start + 1 || (at > start && bytes[start] !== zero);
  return isWritten ? at : notFound;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}
