import { describe, expect, test } from "vitest";
import { tryParseJson, tryToJson } from "../../src/jsonl/try-json.js";

describe("tryParseJson", () => {
  test("gives the value of a text, and of its bytes", () => {
    expect(tryParseJson('{"a":["ä",1]}')).toEqual({ a: ["ä", 1] });
    expect(tryParseJson(Buffer.from('{"a":["ä",1]}'))).toEqual({ a: ["ä", 1] });
  });

  test("tells null, false and 0 from what is no JSON", () => {
    expect(["null", "false", "0"].map(tryParseJson)).toEqual([null, false, 0]);
    expect(["", "{", "undefined", "\u{feff}{}"].map(tryParseJson)).toEqual(new Array(4).fill(undefined));
  });
});

describe("tryToJson", () => {
  test("gives nothing for what is nested so deep that it can be read, and not be written", () => {
    expect(tryToJson({ a: [1] })).toBe('{"a":[1]}');
    expect(tryToJson(JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`))).toBeUndefined();
  });
});
