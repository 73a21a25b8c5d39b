/** Some of the characters that a class such as `[^a-c]` or `\p{Lu}` takes. */
export interface CharacterSet {
  /** None, where the class takes nothing. */
  readonly members: readonly string[];
  /** Whether all letters from a to z, or else from A to Z, are among them, so that words can be written with it. */
  readonly letters: "lower" | "upper" | "none";
}

const maxMembers = 64;
const ranges: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa0, 0xd7ff],
  [0xe000, 0x1ffff],
  [0x00, 0x1f],
  [0x7f, 0x9f],
];

/** Tries which characters a class takes: readable ones, and others only where it takes none of them. */
export function listMembers(source: string, flags: string): CharacterSet {
  const isMember = new RegExp(`^${source}$`, flags);
  for (const [first, last] of ranges) {
    const members = take(first, last, isMember);
    if (members.length === 0) continue;
    const wordLike = members.filter((member) => /[A-Za-z0-9]/.test(member));
    return { members: wordLike.length > 0 ? wordLike : members, letters: lettersOf(isMember) };
  }
  return { members: [], letters: "none" };
}

function take(first: number, last: number, isMember: RegExp): string[] {
  const members: string[] = [];
  // Of the printable ones all, so that no letter is left out.
  const enough = last < 0x80 ? Infinity : maxMembers;
  for (let code = first; code <= last && members.length < enough; code += 1) {
    const character = String.fromCodePoint(code);
    if (isMember.test(character)) members.push(character);
  }
  return members;
}

function lettersOf(isMember: RegExp): CharacterSet["letters"] {
  const takesAll = (letters: string): boolean => [...letters].every((letter) => isMember.test(letter));
  if (takesAll("abcdefghijklmnopqrstuvwxyz")) return "lower";
  return takesAll("ABCDEFGHIJKLMNOPQRSTUVWXYZ") ? "upper" : "none";
}
