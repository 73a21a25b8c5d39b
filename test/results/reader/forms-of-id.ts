import { FoundId } from "../../../src/batch-file/index.js";

/** An id as it may be found in lines: as a text, and as bytes where each of them is a character. */
export function formsOf(text: string): readonly [FoundId, ...FoundId[]] {
  const asText = FoundId.of(text);
  if (!/^[\0-\x7f]*$/.test(text)) return [asText];
  const asBytes = new FoundId();
  asBytes.setBytes(Buffer.from(`"${text}"`), 1, text.length + 1);
  return [asBytes, asText];
}
