import type { Random } from "../chance/random.js";
import { Unmakeable } from "../patterns/unmakeable.js";
import { greatest, numberAt, smallest } from "./keyword-values.js";
import type { PlacedSchema } from "./schema-document.js";
import { type Making, nothing, type Recipe } from "./value-node.js";

/** How far from zero, or from the bound that is nearest to it, numbers go as a rule, in steps. */
const usualSteps = 100;
const maxTrials = 1_000;

interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly above: number;
  readonly below: number;
  readonly factors: readonly number[];
}

/** Numbers within all bounds. Readable ones: near zero, and with few digits. */
export function toNumberRecipe(places: readonly PlacedSchema[], isInteger: boolean): Recipe {
  const bounds = readBounds(places);
  const factors = isInteger ? [...bounds.factors, 1] : bounds.factors;
  const fits = (value: number): boolean => isWithin(value, { ...bounds, factors });
  const [step] = factors;
  const make = ({ random, spread }: Making): number => {
    const value =
      step === undefined
        ? findDecimal(bounds, { random, spread, fits })
        : findMultiple(step, bounds, { random, spread, fits });
    if (value === undefined) throw new Unmakeable();
    return value;
  };
  return bounds.min > bounds.max ? nothing : { measure: () => 0, make };
}

/** Whether a number is within what the schemas say of numbers. */
export function fitsNumber(value: number, place: PlacedSchema): boolean {
  return isWithin(value, readBounds([place]));
}

function readBounds(places: readonly PlacedSchema[]): NumberBounds {
  return {
    min: greatest(places, "minimum", -Number.MAX_VALUE),
    max: smallest(places, "maximum", Number.MAX_VALUE),
    above: greatest(places, "exclusiveMinimum", -Infinity),
    below: smallest(places, "exclusiveMaximum", Infinity),
    factors: places.flatMap((place) => numberAt(place, "multipleOf") ?? []),
  };
}

function isWithin(value: number, { min, max, above, below, factors }: NumberBounds): boolean {
  return (
    value >= min &&
    value <= max &&
    value > above &&
    value < below &&
    factors.every((factor) => Number.isInteger(value / factor))
  );
}

interface NumberSearch {
  readonly random: Random;
  readonly spread: number;
  readonly fits: (value: number) => boolean;
}

function findMultiple(
  step: number,
  bounds: NumberBounds,
  { random, spread, fits }: NumberSearch,
): number | undefined {
  const [low, high] = toWindow(
    Math.ceil(Math.max(bounds.min, bounds.above) / step),
    Math.floor(Math.min(bounds.max, bounds.below) / step),
    usualSteps * 2 ** spread,
  );
  for (let trial = 0; trial < 20; trial += 1) {
    const value = multiply(low + random.below(high - low + 1), step);
    if (fits(value)) return value;
  }
  // Few fit, as where a decimal fraction divides without rest only now and then: one after the other.
  for (let trial = 0; trial < maxTrials; trial += 1) {
    const value = multiply(low + trial, step);
    if (fits(value)) return value;
  }
  return undefined;
}

/** The part of a range that is nearest to zero and not larger than `size`. */
function toWindow(low: number, high: number, size: number): readonly [number, number] {
  if (low > 0) return [low, Math.min(high, low + size)];
  if (high < 0) return [Math.max(low, high - size), high];
  return high > 0 ? [0, Math.min(high, size)] : [Math.max(low, -size), 0];
}

/** Multiplies without the noise in the last digits that decimal fractions would get. */
function multiply(count: number, step: number): number {
  const [digits = "", exponent = "0"] = String(step).split("e");
  const decimals = Math.max(0, (digits.split(".")[1] ?? "").length - Number(exponent));
  const product = count * step;
  // -0 would be written as 0, and 100 decimals are what toFixed takes.
  return (decimals > 100 ? product : Number(product.toFixed(decimals))) + 0;
}

function findDecimal(bounds: NumberBounds, { random, spread, fits }: NumberSearch): number | undefined {
  const [low, high] = toWindow(
    Math.max(bounds.min, bounds.above),
    Math.min(bounds.max, bounds.below),
    usualSteps,
  );
  for (let decimals = Math.min(20, 1 + spread); decimals <= 20; decimals += 1) {
    const value = Number((low + random.fraction() * (high - low)).toFixed(decimals)) + 0;
    if (fits(value)) return value;
  }
  return [low, high, low + (high - low) / 2].find(fits);
}
