import { createRequire } from "node:module";
import type { AST, RegExpParser } from "@eslint-community/regexpp";
import type { Random } from "../chance/random.js";
import { pickWord } from "../chance/words.js";
import { listMembers } from "./character-set.js";
import { quickLength } from "./pattern-ways.js";
import { Unmakeable } from "./unmakeable.js";

/** More repetitions than this are not written out. */
const maxRepetitions = 1_000_000;

/** How many of the characters are no letters of a word where others are allowed. */
const otherShare = 0.1;

/** A pattern, and what writes texts along it. */
export interface PatternWriter {
  readonly pattern: Pick<RegExp, "test">;
  /** Up to this length texts are matched in a moment, whatever they are. */
  readonly quickLength: number;
  /** The length of the shortest text, in characters, were it not for what looks around. */
  readonly shortest: number;
  /**
   * A text along the pattern, with up to about `slack` characters more than needed. What looks around is not heeded,
   * so the text is to be tried.
   */
  write(random: Random, slack: number): string;
}

/** `undefined` for what is no pattern. */
export function toPatternWriter(source: string): PatternWriter | undefined {
  const pattern = toPattern(source);
  return pattern && toWriter(pattern);
}

/** Up to which length texts are matched in a moment along a pattern, whatever they are; 0 for what is no pattern. */
export function toQuickLength(source: string): number {
  const pattern = toPattern(source);
  return pattern === undefined ? 0 : quickLength(toTree(pattern), pattern.flags);
}

function toPattern(source: string): RegExp | undefined {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      // Needless escapes are refused with the flag alone.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

function toWriter(pattern: RegExp): PatternWriter {
  const { flags } = pattern;
  const tree = toTree(pattern);
  const write = toChoice(tree.alternatives, flags);
  return {
    pattern,
    quickLength: quickLength(tree, flags),
    shortest: shortestOf(tree.alternatives),
    write(random, slack) {
      const state: Writing = { random, slack, text: "", letters: "", repetitions: 0, groups: new Map() };
      write(state);
      return state.text;
    },
  };
}

function toTree({ source, flags }: RegExp): AST.Pattern {
  return toParser().parsePattern(source, 0, source.length, flags.includes("u"));
}

let parser: RegExpParser | undefined;

/** Loaded on the first use: most schemas have no pattern. */
function toParser(): RegExpParser {
  if (parser === undefined) {
    // The package's own types say so.
    const { RegExpParser } = createRequire(import.meta.url)("@eslint-community/regexpp") as Regexpp;
    parser = new RegExpParser();
  }
  return parser;
}

type Regexpp = { readonly RegExpParser: new () => RegExpParser };

/** A text as far as it is written. */
interface Writing {
  readonly random: Random;
  /** How many more characters may still be written than are needed. */
  slack: number;
  text: string;
  /** What is left of the word from which letters are taken. */
  letters: string;
  repetitions: number;
  readonly groups: Map<AST.CapturingGroup, string>;
}

type Step = (state: Writing) => void;

function toChoice(alternatives: readonly AST.Alternative[], flags: string): Step {
  const choices = alternatives.map(({ elements }) => elements.map((element) => toStep(element, flags)));
  return (state) => {
    for (const step of choices[state.random.below(choices.length)] ?? []) step(state);
  };
}

function toStep(element: AST.Element, flags: string): Step {
  switch (element.type) {
    case "Character": {
      const character = String.fromCodePoint(element.value);
      return (state) => {
        state.text += character;
      };
    }
    case "CharacterClass":
    case "CharacterSet":
    case "ExpressionCharacterClass":
      return toMember(listMembers(element.raw, flags));
    case "Group":
      return toChoice(element.alternatives, flags);
    case "CapturingGroup":
      return toGroup(element, flags);
    case "Quantifier":
      return toRepetition(element, flags);
    case "Backreference":
      return (state) => {
        for (const group of [element.resolved].flat()) state.text += state.groups.get(group) ?? "";
      };
    case "Assertion":
      return () => {};
  }
}

function toMember({ members, letters }: ReturnType<typeof listMembers>): Step {
  return (state) => {
    // Now and then something else, for patterns that look ahead for a digit.
    if (letters === "none" || state.random.chance(otherShare)) {
      const member = members[state.random.below(members.length)];
      if (member === undefined) throw new Unmakeable();
      state.text += member;
      return;
    }
    if (state.letters === "") state.letters = pickWord(state.random);
    const letter = state.letters.charAt(0);
    state.letters = state.letters.slice(1);
    state.text += letters === "lower" ? letter : letter.toUpperCase();
  };
}

function toGroup(group: AST.CapturingGroup, flags: string): Step {
  const write = toChoice(group.alternatives, flags);
  return (state) => {
    const start = state.text.length;
    write(state);
    state.groups.set(group, state.text.slice(start));
  };
}

function toRepetition({ element, min, max }: AST.Quantifier, flags: string): Step {
  const step = toStep(element, flags);
  return (state) => {
    for (let count = 0; count < min; count += 1) {
      state.repetitions += 1;
      if (state.repetitions > maxRepetitions) throw new Unmakeable();
      step(state);
    }
    // Often all of it at once, so that a pattern with one place to grow reaches a length that is asked for.
    let extra = state.random.chance(0.5) ? state.slack : state.random.below(state.slack + 1);
    for (let count = min; count < max && extra > 0; count += 1) {
      const start = state.text.length;
      step(state);
      const written = Math.max(1, state.text.length - start);
      extra -= written;
      state.slack -= written;
    }
  };
}

function shortestOf(alternatives: readonly AST.Alternative[]): number {
  return Math.min(
    ...alternatives.map(({ elements }) =>
      elements.reduce((sum, element) => sum + shortestElement(element), 0),
    ),
  );
}

function shortestElement(element: AST.Element): number {
  switch (element.type) {
    case "Character":
    case "CharacterClass":
    case "CharacterSet":
    case "ExpressionCharacterClass":
      return 1;
    case "Group":
    case "CapturingGroup":
      return shortestOf(element.alternatives);
    case "Quantifier":
      return element.min === 0 ? 0 : element.min * shortestElement(element.element);
    case "Backreference":
    case "Assertion":
      return 0;
  }
}
