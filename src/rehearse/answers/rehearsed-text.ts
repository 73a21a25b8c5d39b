import type { Random } from "../../format/index.js";
import { pickWords } from "../../format/index.js";

/** An answer in prose, which says itself that it is made up. */
export function toRehearsedText(random: Random): string {
  let text = "This is a rehearsal, not an answer.";
  for (let left = random.between(1, 3); left > 0; left -= 1) text += ` ${toSentence(random)}`;
  return text;
}

/** What a model says that declines to answer. */
export function toRefusal(random: Random): string {
  return `I'm sorry, but this is a rehearsal, and I decline to answer. ${toSentence(random)}`;
}

function toSentence(random: Random): string {
  const sentence = pickWords(random, random.between(4, 9));
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
