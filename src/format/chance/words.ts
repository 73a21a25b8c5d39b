import type { Random } from "./random.js";

const words = (
  "amber anchor apple arrow autumn basin beacon birch bridge bright candle canyon cedar circle cloud clover coast " +
  "copper coral cotton cradle crystal dawn delta desert distant drift early ember evening falcon feather field " +
  "forest fountain garden gentle glacier golden granite harbor harvest hazel hidden hollow island ivory jasper " +
  "journey kettle lagoon lantern lemon linen little lunar maple marble meadow mellow mirror morning mountain " +
  "narrow nectar north oasis ocean olive orchard paper pebble pepper pine planet plain polar prairie quartz quiet " +
  "rain rapid raven reef ribbon ridge river round saffron sail sandy season shadow shell silent silver simple " +
  "slate snow solar spring spruce stone storm summer summit sunny thistle thunder timber trail tulip valley velvet " +
  "violet walnut water western willow window winter yellow"
).split(" ") as [string, ...string[]]; // a text that is not empty splits into one word or more

export function pickWord(random: Random): string {
  return random.pick(words);
}

/** Words with spaces between them. */
export function pickWords(random: Random, count: number): string {
  let text = pickWord(random);
  for (let index = 1; index < count; index += 1) text += ` ${pickWord(random)}`;
  return text;
}
