/** Longer runs without a space, or of spaces alone, take a tokenizer time that grows with their square. */
const maxRun = 400;

/** Where a text is to be cut, so that no run in it is too long: mostly nowhere. */
export function listRuns(text: string): readonly number[] {
  const ends: number[] = [];
  let run = 0;
  let wasSpace = false;
  for (let index = 0; index < text.length; index += 1) {
    const isSpace = isSpaceCode(text.charCodeAt(index));
    run = isSpace === wasSpace ? run + 1 : 1;
    wasSpace = isSpace;
    if (run < maxRun) continue;
    ends.push(index + 1);
    run = 0;
  }
  return ends;
}

const otherSpaces = new Set([0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff]);

/** What `\s` matches. */
function isSpaceCode(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  if (code >= 0x2000 && code <= 0x200a) return true;
  // Most letters of East Asia are here, and a set takes longer.
  if (code > 0x3000 && code < 0xfeff) return false;
  return otherSpaces.has(code);
}
