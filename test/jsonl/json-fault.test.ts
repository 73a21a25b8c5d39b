import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findJsonFault } from "../../src/jsonl/json-fault.js";

describe("findJsonFault", () => {
  test.each([
    ['{"a": 1 "b": 2}', "At character 9: a comma is expected."],
    ['{"a" 1}', "At character 6: a colon is expected."],
    ['{"a": tru}', "At character 7: a word that JSON does not know"],
    ['{"a": NaN}', "It holds NaN at character 7, a number that JSON does not have."],
    ["{'a': 1}", "At character 2: a word that JSON does not know"],
    ['{"a": 1} {}', "At character 10: something follows the end of the JSON value."],
    ['{"a": "\t"}', "At character 7: a control character that JSON wants escaped."],
    ['{"a": "\\x"}', "At character 7: an escape that JSON does not know."],
    ['{"a": 1} // so', "At character 10: JSON has no comments."],
    ['{"a": 1,}', "At character 9: a property name in double quotes is expected."],
    ['{"a": [1, 2', "At character 12: a closing bracket is expected."],
  ])("tells where and why %s is not JSON", (text, sentence) => {
    expect(findJsonFault(text).sentence).toContain(sentence);
  });

  test("takes every beginning of an object for torn", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), fc.nat(), (value, at) => {
        const text = JSON.stringify(value);
        const beginning = text.slice(0, 1 + (at % (text.length - 1)));
        expect(findJsonFault(beginning).isTorn).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['{"a": 1}}', '{"a": 1} x', "[1, 2", '"a', "<<<<<<< HEAD"])(
    "takes %s for broken, not torn",
    (text) => {
      expect(findJsonFault(text).isTorn).toBe(false);
    },
  );
});
