import type { Random } from "../chance/random.js";
import { pickWord } from "../chance/words.js";

/** A text format: how texts of it are written, and which texts are of it. */
export interface StringFormat {
  /** Ways to write it. Where a pattern stands beside the format, one may fit where another doesn't. */
  readonly forms: readonly ((random: Random) => string)[];
  /**
   * Ways that only some validators take for the format, as a time with no zone; tried where a pattern asks for them.
   */
  readonly lenientForms?: readonly ((random: Random) => string)[];
  readonly isValid: (text: string) => boolean;
}

/** Every format that the service knows, and `uri`. All that is made up leads nowhere: the names are reserved for examples. */
export const stringFormats: ReadonlyMap<string, StringFormat> = new Map<string, StringFormat>([
  [
    "date-time",
    {
      forms: [
        (random) => `${toDate(random)}T${toTime(random)}Z`,
        (random) => `${toDate(random)}T${toTime(random)}.${digits(random, 3)}Z`,
        (random) => `${toDate(random)}T${toTime(random)}+02:00`,
      ],
      lenientForms: [
        (random) => `${toDate(random)}T${toTime(random)}`,
        (random) => `${toDate(random)}T${toTime(random).slice(0, 5)}`,
        (random) => `${toDate(random)} ${toTime(random)}`,
      ],
      isValid: (text) =>
        /^\d{4}-\d\d-\d\dT/.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11)),
    },
  ],
  [
    "time",
    {
      forms: [
        (random) => `${toTime(random)}Z`,
        (random) => `${toTime(random)}.${digits(random, 3)}Z`,
        (random) => `${toTime(random)}+02:00`,
      ],
      lenientForms: [toTime, (random) => toTime(random).slice(0, 5)],
      isValid: isTime,
    },
  ],
  ["date", { forms: [toDate], isValid: isDate }],
  [
    "duration",
    {
      forms: [
        (random) => `P${random.between(1, 9)}DT${random.between(1, 23)}H`,
        (random) => `PT${random.between(1, 59)}M`,
        (random) => `P${random.between(1, 9)}W`,
        (random) => `P${random.between(1, 9)}Y${random.between(1, 11)}M${random.between(1, 28)}D`,
      ],
      isValid: (text) =>
        /^P(?:\d+W|(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/.test(text),
    },
  ],
  [
    "email",
    {
      forms: [
        (random) => `${pickWord(random)}.${pickWord(random)}@example.com`,
        (random) => `${pickWord(random)}@example.org`,
        (random) =>
          `${pickWord(random)}.${pickWord(random)}@${pickWord(random)}.${pickWord(random)}.example.com`,
        (random) => `${pickWord(random).charAt(0)}@example.net`,
      ],
      isValid: (text) =>
        /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(text),
    },
  ],
  [
    "hostname",
    {
      forms: [
        (random) => `${pickWord(random)}.example.com`,
        (random) => `${pickWord(random)}.${pickWord(random)}.example.org`,
        pickWord,
      ],
      isValid: (text) =>
        text.length <= 253 &&
        /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(text),
    },
  ],
  [
    "ipv4",
    {
      // The three networks that RFC 5737 keeps for documentation.
      forms: ["192.0.2", "198.51.100", "203.0.113"].map(
        (network) => (random: Random) => `${network}.${random.between(1, 254)}`,
      ),
      isValid: (text) => /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text),
    },
  ],
  [
    "ipv6",
    {
      forms: [
        (random) => `2001:db8::${random.hex(4)}`,
        (random) => `2001:0db8:${Array.from({ length: 6 }, () => random.hex(4)).join(":")}`,
      ],
      isValid: (text) => /^2001:0?db8:(?::[0-9a-f]{1,4}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){5})$/i.test(text),
    },
  ],
  [
    "uuid",
    {
      forms: [4, 7, 1, 6, 5, 3, 8, 2].map((version) => (random: Random) => toUuid(random, version)),
      isValid: (text) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
    },
  ],
  [
    "uri",
    {
      forms: [
        (random) => `https://example.com/${pickWord(random)}/${pickWord(random)}`,
        (random) => `https://${pickWord(random)}.example.org/`,
        (random) => `http://example.com/${pickWord(random)}`,
        () => "https://example.com",
      ],
      isValid: (text) => /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?:\/[\w~.-]*)*$/i.test(text),
    },
  ],
]);

function toDate(random: Random): string {
  return `20${random.between(20, 29)}-${twoDigits(random.between(1, 12))}-${twoDigits(random.between(1, 28))}`;
}

function toTime(random: Random): string {
  return [random.below(24), random.below(60), random.below(60)].map(twoDigits).join(":");
}

function toUuid(random: Random, version: number): string {
  const variant = "89ab".charAt(random.below(4));
  return `${random.hex(8)}-${random.hex(4)}-${version}${random.hex(3)}-${variant}${random.hex(3)}-${random.hex(12)}`;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(text).toJSON()?.startsWith(text) === true;
}

function isTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i.test(text);
}

function digits(random: Random, count: number): string {
  return String(random.below(10 ** count)).padStart(count, "0");
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
