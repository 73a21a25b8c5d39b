import type { AST } from "@eslint-community/regexpp";

/** In so many ways at the most, a text of {@link usualLength} is tried along a pattern in a moment. */
const maxWays = 1_000_000;

/** Characters of a text for which {@link isQuickPattern} holds. */
export const usualLength = 64;

/**
 * Whether to match a text of usual length takes no more than a moment, whatever the text is. Not where repetitions stand in
 * repetitions, as in `(a+)+`, or too many beside one another, unless a character between them says where each ends.
 */
export function isQuickPattern({ alternatives }: AST.Pattern, flags: string): boolean {
  return waysOfChoice(alternatives, flags) <= maxWays;
}

/** In how many ways a text may be taken apart along the pattern, at most. */
function waysOfChoice(alternatives: readonly AST.Alternative[], flags: string): number {
  return alternatives.reduce((sum, { elements }) => sum + waysOfSequence(elements, flags), 0);
}

function waysOfSequence(elements: readonly AST.Element[], flags: string): number {
  return elements.reduce((product, element, index) => {
    const next = elements[index + 1];
    return product * (isEndedBy(element, next, flags) ? 1 : waysOf(element, flags));
  }, 1);
}

function waysOf(element: AST.Element, flags: string): number {
  switch (element.type) {
    case "Group":
    case "CapturingGroup":
      return waysOfChoice(element.alternatives, flags);
    case "Assertion":
      return "alternatives" in element ? waysOfChoice(element.alternatives, flags) : 1;
    case "Quantifier":
      return waysOfRepetition(element, flags);
    default:
      return 1;
  }
}

function waysOfRepetition({ element, min, max }: AST.Quantifier, flags: string): number {
  const ways = waysOf(element, flags);
  const most = Math.min(max, usualLength);
  const counts = most - Math.min(min, most) + 1;
  if (ways === 1) return counts;
  return isSeparated(element, flags) ? ways * most : counts * ways ** most;
}

/** Whether characters are repeated up to one that is none of them. */
function isEndedBy(element: AST.Element, next: AST.Element | undefined, flags: string): boolean {
  return (
    element.type === "Quantifier" &&
    next?.type === "Character" &&
    waysOf(element.element, flags) === 1 &&
    !mayTake(element.element, next, flags)
  );
}

/** Whether it begins or ends with a character that is nowhere else in it. */
function isSeparated(element: AST.Element, flags: string): boolean {
  if (element.type !== "Group" && element.type !== "CapturingGroup") return false;
  const [only, ...others] = element.alternatives;
  if (only === undefined || others.length > 0) return false;
  const { elements } = only;
  return [elements[0], elements.at(-1)].some(
    (mark) =>
      mark?.type === "Character" && elements.every((one) => one === mark || !mayTake(one, mark, flags)),
  );
}

function mayTake(element: AST.Element, character: AST.Character, flags: string): boolean {
  switch (element.type) {
    case "Character":
      return element.value === character.value;
    case "CharacterClass":
    case "CharacterSet":
    case "ExpressionCharacterClass":
      return new RegExp(`^${element.raw}$`, flags).test(String.fromCodePoint(character.value));
    case "Quantifier":
      return mayTake(element.element, character, flags);
    case "Group":
    case "CapturingGroup":
      return element.alternatives.some(({ elements }) =>
        elements.some((one) => mayTake(one, character, flags)),
      );
    default:
      return true;
  }
}
