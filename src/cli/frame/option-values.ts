import { InvalidArgumentError } from "commander";
import type { TokenPrice } from "../../plan.js";

/** Gathers names that are separated by commas, from an option that may be repeated. */
export function collectNames(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, ...value.split(",").map((name) => name.trim())];
}

/** Gathers whole values, from an option that may be repeated. */
export function collectValues(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** A whole number, 0 or more. */
export function toCount(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number, 0 or more.");
}

/** A whole number, 1 or more. */
export function toCountFromOne(value: string): number {
  if (/^\d{1,15}$/.test(value) && Number(value) > 0) return Number(value);
  throw new InvalidArgumentError("It must be a whole number, 1 or more.");
}

/** Where to listen; 0 for any that is free. */
export function toPort(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}

/** Where to listen, `PORT` or `HOST:PORT`; an address with colons stands in brackets. */
export function toListenAddress(value: string): { readonly host?: string; readonly port: number } {
  const [, host, port = ""] = /^(?:\[?([^\]]+)\]?:)?(\d{1,5})$/.exec(value) ?? [];
  if (port !== "") return { ...(host === undefined ? {} : { host }), port: toPort(port) };
  throw new InvalidArgumentError("It must be a port, or an address and a port: 9464, or 0.0.0.0:9464.");
}

/** A number of seconds, which may have a fraction. */
export function toSecondsAsked(value: string): number {
  if (/^\d{1,7}(?:\.\d{1,3})?$/.test(value) && Number(value) > 0) return Number(value);
  throw new InvalidArgumentError("It must be a number of seconds above 0.");
}

/** An amount of money. */
export function toAmount(value: string): number {
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a number, 0 or more, with a point and no sign.");
}

/** Percent, as a share from 0 to 1. */
export function toShare(value: string): number {
  const percent = toAmount(value.replace(/ ?%$/, ""));
  if (percent <= 100) return percent / 100;
  throw new InvalidArgumentError("It must be a percentage, from 0 to 100.");
}

/** US dollars for a million tokens, in and out: `0.15,0.60`. */
export function toTokenPrice(value: string): TokenPrice {
  const [input = "", output = "", ...others] = value.split(",");
  if (others.length === 0) return { input: toAmount(input), output: toAmount(output) };
  throw new InvalidArgumentError("It must be two numbers with a comma between, as in 0.15,0.60.");
}
