import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberText, replaceMember } from "../../src/batch-file/member-text.js";

const name = fc.oneof(fc.constantFrom("model", 'a"b\\', "{", ""), fc.string());
const json = fc.tuple(fc.dictionary(name, fc.jsonValue()), fc.constantFrom("", " ", "\t", "\n"));

describe("a member that is replaced", () => {
  it("has its value, and the others theirs, in any object", () => {
    fc.assert(
      fc.property(json, name, fc.string(), ([object, indent], key, value) => {
        const before = JSON.stringify(object, undefined, indent);
        const text = replaceMember(before, key, value);
        const expected = new Map([...Object.entries(JSON.parse(before)), [key, value]]);
        expect(new Map(Object.entries(JSON.parse(text)))).toEqual(expected);
        expect(memberText(text, key)).toBe(JSON.stringify(value));
      }),
    );
  });

  it("leaves all else as it was written", () => {
    const json = '\t{ "seed" : 12345678901234567890, "model" : {"a": [1.0]} , "n":1e2 }';
    expect(replaceMember(json, "model", "b")).toBe(
      '\t{ "seed" : 12345678901234567890, "model" :"b", "n":1e2 }',
    );
    expect(replaceMember('{"n":1.0}', "model", "b")).toBe('{"model":"b","n":1.0}');
    expect(replaceMember("{ }", "model", "b")).toBe('{"model":"b" }');
  });
});
