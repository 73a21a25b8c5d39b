import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashText } from "../../../src/format/chance/hash-text.js";
import { Random } from "../../../src/format/chance/random.js";
import { toPatternWriter } from "../../../src/format/patterns/pattern-writer.js";

function textsOf(source: string, slack = 10): string[] {
  const writer = toPatternWriter(source);
  if (writer === undefined) throw new Error(`${source} is no pattern`);
  return Array.from({ length: 10 }, (_, index) => writer.write(new Random(hashText(`${index}`)), slack));
}

const atom = fc.constantFrom(
  "a",
  "é",
  "😀",
  ".",
  "\\d",
  "\\w",
  "\\s",
  "[a-f]",
  "[^a]",
  "[^\\w\\s]",
  "\\p{Lu}",
  "\\P{L}",
  "\\u{1F600}",
  "\\/",
  "\\.",
);
const quantifier = fc.constantFrom("", "", "?", "*", "+", "{2}", "{1,3}", "{2,}", "*?");
/** None without an end: repetitions in repetitions take the engine ages to match. */
const fewTimes = fc.constantFrom("", "?", "{2}", "{0,2}");

/** Patterns of what may stand anywhere in one. */
const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc.oneof(
    { weight: 4, arbitrary: fc.tuple(atom, quantifier).map(([one, times]) => `${one}${times}`) },
    {
      weight: 1,
      arbitrary: fc.tuple(tie("pattern"), fewTimes).map(([inner, times]) => `(?:${inner})${times}`),
    },
    { weight: 1, arbitrary: tie("pattern").map((inner) => `(${inner})`) },
    { weight: 1, arbitrary: fc.tuple(tie("part"), tie("part")).map(([one, other]) => `(?:${one}|${other})`) },
  ),
  pattern: fc
    .array(tie("part"), { minLength: 1, maxLength: 4, depthIdentifier: "pattern" })
    .map((parts) => parts.join("")),
}));

describe("texts along a pattern", () => {
  it("match it from end to end", () => {
    fc.assert(
      fc.property(pattern, (inner) => {
        const source = `^(?:${inner})$`;
        for (const text of textsOf(source)) expect(text).toMatch(new RegExp(source, "u"));
      }),
      { numRuns: 300 },
    );
  });

  it("repeat what a group had where the pattern refers back to it", () => {
    for (const text of textsOf("^(a|b|c)-(?<x>d|e)-\\1-\\k<x>$"))
      expect(text).toMatch(/^([abc])-([de])-\1-\2$/);
  });

  it("are about as much longer than the shortest as they may be", () => {
    const lengths = (slack: number) => textsOf("^[a-z]*$", slack).map(({ length }) => length);
    expect(Math.max(...lengths(0))).toBe(0);
    expect(Math.max(...lengths(30))).toBe(30);
  });

  it("are read without the flag for Unicode where the pattern can't have it", () => {
    expect(textsOf("^\\_\\-[a\\-]$").every((text) => /^_-[a-]$/.test(text))).toBe(true);
  });

  it("are letters of words where a class takes all letters, and not only those", () => {
    expect(
      textsOf("^[a-z]{6}$").some(
        (text) => /^[a-z]*(river|stone|amber|ocean|silver)/.test(text) || text.length === 6,
      ),
    ).toBe(true);
    expect(textsOf("^\\w{40}$").some((text) => /\d|[A-Z]/.test(text))).toBe(true);
    expect(textsOf("^[A-Z]{9}$").every((text) => /^[A-Z]{9}$/.test(text))).toBe(true);
  });

  it.each(["(", "[z-a]", "a{2,1}", "\\", "(?<a>x)(?<a>y)"])(
    "are none for %s, which is no pattern",
    (source) => {
      expect(toPatternWriter(source)).toBeUndefined();
    },
  );

  it.each([
    "^[a-z]{3}-\\d+$",
    "^[a-z0-9]+(?:-[a-z0-9]+)*$",
    "^[\\w.]+@[a-z]+\\.[a-z]+$",
    "^(?:\\d{1,3}\\.){3}\\d{1,3}$",
    "^(?:red|green|blue)$",
    "^(?=.*\\d)(?=.*[a-z]).{8,20}$",
    "^\\d{4}-\\d{2}-\\d{2}(?:T\\d{2}:\\d{2})?$",
  ])("are matched quickly for %s", (source) => {
    expect(toPatternWriter(source)?.quickLength).toBeGreaterThanOrEqual(64);
  });

  it.each([
    "^(a+)+$",
    "^(?=(a+)+b)(a|aa)+$",
    "^(?:a|aa){40}$",
    "^a*a*a*a*a*$",
    "^(?:a+-?)*$",
    "^(?:-a-*)*$",
    "(?:(a)+)+\\1",
  ])("may take ages to be matched for %s", (source) => {
    expect(toPatternWriter(source)?.quickLength).toBeLessThan(64);
  });

  it.each(["[^\\s\\S]", "(?:(?:a{1000}){1000}){1000}", "(?:(?:^){100000}){100000}"])(
    "are given up for %s",
    (source) => {
      expect(() => textsOf(source)).toThrow(expect.objectContaining({ name: "Unmakeable" }));
    },
  );
});
