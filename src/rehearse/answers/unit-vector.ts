import type { Random } from "../../format/index.js";

/** How many directions in the plane there are: as many as ten bits can name. */
const directions = 1024;

/** A direction in the plane, scaled, as numbers and as they are written. */
interface Direction {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/**
 * A vector of length 1 as JSON text: numbers, or the base64 of 32-bit floats as the service writes them. Each two
 * numbers are a direction in the plane, all of the same length, so that the length of the whole is known without
 * adding it up, and the texts of the numbers can be kept.
 */
export function toUnitVector(random: Random, dimensions: number, encoding: "float" | "base64"): string {
  const kept = directionsFor(dimensions);
  const pairs = Array.from({ length: dimensions >>> 1 }, () => kept[random.next() >>> 22] ?? none);
  // What is left over where they are odd.
  const single = Math.sqrt(1 / dimensions);
  const isOdd = dimensions % 2 === 1;
  if (encoding === "base64") return `"${toBase64(pairs, isOdd ? [single] : [])}"`;
  const texts = pairs.map(({ text }) => text);
  if (isOdd) texts.push(toNumber(single));
  return `[${texts.join(",")}]`;
}

function toBase64(pairs: readonly Direction[], rest: readonly number[]): string {
  const floats = new Float32Array(pairs.length * 2 + rest.length);
  let index = 0;
  for (const { x, y } of pairs) {
    floats[index] = x;
    floats[index + 1] = y;
    index += 2;
  }
  floats.set(rest, index);
  return Buffer.from(floats.buffer).toString("base64");
}

const none: Direction = { x: 0, y: 0, text: "0,0" };
const keptByDimensions = new Map<number, readonly Direction[]>();
const maxKept = 8;

function directionsFor(dimensions: number): readonly Direction[] {
  const known = keptByDimensions.get(dimensions);
  if (known !== undefined) return known;
  const length = Math.sqrt(2 / dimensions);
  const list = Array.from({ length: directions }, (_, index) => {
    const angle = (2 * Math.PI * (index + 0.5)) / directions;
    const [x, y] = [length * Math.cos(angle), length * Math.sin(angle)];
    return { x, y, text: `${toNumber(x)},${toNumber(y)}` };
  });
  if (keptByDimensions.size >= maxKept) keptByDimensions.clear();
  keptByDimensions.set(dimensions, list);
  return list;
}

/** As the service writes them: with eight digits or so. */
function toNumber(value: number): string {
  return String(Number(value.toFixed(9)));
}
