import type { AST } from "@eslint-community/regexpp";

/** In so many ways at the most, a text is tried along a pattern in a moment. */
const maxWays = 10_000_000;

/** Characters of the texts that patterns are usually tried on. */
export const usualLength = 64;

const shortestLength = 4;
/** Whole answers are shorter. */
const longestLength = 2 ** 24;

/** What the ways of a pattern are counted for. */
interface Trial {
  readonly flags: string;
  /** Characters of the text. */
  readonly length: number;
}

/**
 * How long a text may be that takes no more than a moment to match, whatever it is; 0 where nothing is known. Hardly longer
 * than a word where repetitions stand in repetitions, as in `(a+)+`, unless a character between them says where each ends.
 */
export function quickLength({ alternatives }: AST.Pattern, flags: string): number {
  let quick = 0;
  for (let length = shortestLength; length <= longestLength; length *= 2) {
    const starts = alternatives.every(isAnchored) ? 1 : length;
    if (starts * waysOfChoice(alternatives, { flags, length }) > maxWays) break;
    quick = length;
  }
  return quick;
}

/** Whether it matches at the beginning of a text or nowhere. */
function isAnchored({ elements: [first] }: AST.Alternative): boolean {
  return first?.type === "Assertion" && first.kind === "start";
}

/** In how many ways a text may be taken apart along the pattern, at most. */
function waysOfChoice(alternatives: readonly AST.Alternative[], trial: Trial): number {
  return alternatives.reduce((sum, { elements }) => sum + waysOfSequence(elements, trial), 0);
}

function waysOfSequence(elements: readonly AST.Element[], trial: Trial): number {
  return elements.reduce((product, element, index) => {
    const next = elements[index + 1];
    return product * (isEndedBy(element, next, trial) ? 1 : waysOf(element, trial));
  }, 1);
}

function waysOf(element: AST.Element, trial: Trial): number {
  switch (element.type) {
    case "Group":
    case "CapturingGroup":
      return waysOfChoice(element.alternatives, trial);
    case "Assertion":
      return "alternatives" in element ? waysOfChoice(element.alternatives, trial) : 1;
    case "Quantifier":
      return waysOfRepetition(element, trial);
    default:
      return 1;
  }
}

function waysOfRepetition({ element, min, max }: AST.Quantifier, trial: Trial): number {
  const ways = waysOf(element, trial);
  const most = Math.min(max, trial.length);
  const counts = most - Math.min(min, most) + 1;
  if (ways === 1) return counts;
  return isSeparated(element, trial.flags) ? ways * most : counts * ways ** most;
}

/** Whether characters are repeated up to one that is none of them. */
function isEndedBy(element: AST.Element, next: AST.Element | undefined, trial: Trial): boolean {
  return (
    element.type === "Quantifier" &&
    next?.type === "Character" &&
    waysOf(element.element, trial) === 1 &&
    !mayTake(element.element, next, trial.flags)
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
