import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toLineBytes } from "../../../src/batch-file/index.js";
import { ShapeCode } from "../../../src/batch-file/shapes/shape-code.js";
import { ShapeScanner } from "../../../src/batch-file/shapes/shape-scanner.js";

const scanner = ShapeScanner.shared;
const [before, behind] = [Buffer.from(","), Buffer.from("]1")];
const shape = ShapeCode.of([{ bytes: before, hole: "list" }, { bytes: behind }]);

function read(list: string): Float32Array | undefined {
  if (scanner === undefined || shape === undefined) throw new Error("There is no scanner.");
  const line = toLineBytes(Buffer.concat([before, Buffer.from(list), behind]));
  return scanner.matches(shape, line) ? scanner.readFloats(0) : undefined;
}

/** What a parse makes of a list; nothing where not every number is one that a float holds. */
function parse(list: string): Float32Array | undefined {
  try {
    const numbers = JSON.parse(list) as readonly unknown[];
    const floats = Float32Array.from(
      numbers.map((number) => (typeof number === "number" ? number : Number.NaN)),
    );
    return floats.length > 0 && floats.every(Number.isFinite) ? floats : undefined;
  } catch {
    return undefined;
  }
}

/** Bit by bit: -0 is not 0. */
function expectAsParsed(list: string): void {
  const [found, wanted] = [read(list), parse(list)].map(
    (floats) => floats && [...new Uint32Array(floats.buffer)],
  );
  if (`${found}` !== `${wanted}`) expect(found, list).toEqual(wanted);
}

const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${maxLength}}$`));
const anyWritten = fc
  .record({
    sign: fc.constantFrom("", "-", "+"),
    whole: fc.oneof(fc.constant("0"), digits(3), digits(20)),
    places: fc.oneof(fc.constant(""), digits(9), digits(17), digits(40)),
    point: fc.constantFrom(".", ".", ".", ""),
    exponent: fc.oneof(
      fc.constant(""),
      fc.constant(""),
      fc.integer({ min: -60, max: 50 }).map((power) => `e${power}`),
    ),
  })
  .map(({ sign, whole, places, point, exponent }) => `${sign}${whole}${point}${places}${exponent}`);

/** All digits of what lies in the middle between two floats that are neighbours, and of what lies just beside it. */
const anyMiddle = fc
  .record({ bits: fc.nat(0x7f7ffffe), beside: fc.constantFrom("", "0", "0001", "1", "00000000000000000001") })
  .map(({ bits, beside }) => {
    const [low = 0, high = 0] = new Float32Array(Uint32Array.of(bits, bits + 1).buffer);
    const middle = low / 2 + high / 2;
    const text =
      middle < 1e-6 || middle >= 1e21 ? middle.toExponential() : middle.toFixed(60).replace(/0+$/, "");
    return text.includes("e") ? text : `${text.endsWith(".") ? `${text}0` : text}${beside}`;
  });

const anyNumber = fc.oneof(
  anyWritten,
  anyMiddle,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: 1, max: 30 }))
    .map(([number, places]) => number.toFixed(places)),
  fc
    .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: 1, max: 21 }))
    .map(([number, places]) => number.toPrecision(places)),
  fc.constantFrom(
    "0",
    "-0",
    "-0.0",
    "0.0",
    "00",
    "01",
    "1.",
    ".5",
    "-",
    "",
    "1e5",
    "1E-7",
    "1e",
    "3.4028235e38",
    "3.5e38",
    "340282350000000000000000000000000000000",
    "null",
    '"1"',
    "9007199254740993",
    "999999999999999",
    "9999999999999999",
    "1.5e0x",
    "16777217",
    "0.1 2",
  ),
);

describe("numbers read into floats", () => {
  test("are bit by bit what a parse makes of them, rounded to floats, or no list where it makes none", () => {
    fc.assert(
      fc.property(
        fc.array(anyNumber, { maxLength: 5 }),
        fc.constantFrom(",", ", ", " ,\t"),
        (numbers, comma) => {
          expectAsParsed(`[${numbers.join(comma)}]`);
          for (const number of numbers) expectAsParsed(`[ ${number}\r]`);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  test("are so too where they stand among many that are written as nearly all are", () => {
    const anyUsual = fc
      .record({ sign: fc.constantFrom("", "-"), digits: fc.stringMatching(/^[0-9]{7,13}$/) })
      .map(({ sign, digits: places }) => `${sign}0.${places}`);
    const anyOther = fc.constantFrom(
      "0.12345678e3",
      "-0.123456789E-2",
      "0.1234567 8",
      "0.1234:678",
      "1.12345678",
    );
    const anyRow = fc.array(anyUsual, { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.tuple(anyRow, fc.oneof(anyNumber, anyUsual, anyOther), anyRow),
        fc.constantFrom(",", ", ", ",  ", " ,"),
        ([before, number, behind], comma) => {
          expectAsParsed(`[${[...before, number, ...behind].join(comma)}]`);
          expectAsParsed(`[${[...before, ...behind].join(comma)}]`);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test("are so whatever byte stands in the place of any other", () => {
    const list = "[0.123456789,-0.98765432,0.12345678901,0.5]";
    for (let at = 1; at < list.length; at += 1)
      for (const other of ["0", "9", "/", ":", ".", "-", ",", " ", "]", "e", "\u007f", "p"])
        expectAsParsed(`${list.slice(0, at)}${other}${list.slice(at + 1)}`);
  });

  test.each([
    "[]",
    "[ ]",
    "[1,]",
    "[,1]",
    "[1",
    "[1]]",
    "[1}",
    "[1 2]",
    "[[1]]",
    `[${"1".repeat(2000)}]`,
    "[1,\n2]",
  ])("are none in %s", (list) => {
    expect(read(list)).toBeUndefined();
  });

  test("are as many as there are, whatever was read before", () => {
    for (const count of [1, 3, 1, 7, 2]) {
      const list = Array.from({ length: count }, (_, index) => index / 8);
      expect(read(JSON.stringify(list))).toEqual(Float32Array.from(list));
    }
  });
});
