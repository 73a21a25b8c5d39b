import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FoundId } from "../../src/batch-file/found-id.js";
import { LeadingStrings } from "../../src/batch-file/leading-strings.js";
import { scanMembers } from "../../src/batch-file/scan-members.js";
import { hashKey } from "../../src/jsonl/index.js";

function readLeading(text: string | Buffer, needsUrl = true) {
  const line = Buffer.from(text);
  const leading = new LeadingStrings();
  // Within other bytes, as a line stands in a file.
  const around = Buffer.concat([Buffer.from('"x'), line, Buffer.from('"custom_id":"wrong"')]);
  leading.read(around, 2, 2 + line.length, { needsUrl });
  const { custom_id, url } = leading;
  const id = new FoundId();
  expect(leading.takeId(id)).toBe(custom_id !== undefined);
  expect(id).toMatchObject({ text: custom_id ?? "", hash: custom_id === undefined ? 0 : hashKey(custom_id) });
  return { custom_id, url };
}

describe("the strings at the beginning of a line", () => {
  test.each([
    ['{"custom_id":"a","method":"POST","url":"/v1/x","body":{}}', "a", "/v1/x"],
    ['{ "custom_id" : "a" ,\t"url" : "/v1/x" , "body" : {}}', "a", "/v1/x"],
    ['{"id":"1","custom_id":"a","response":{}}', "a", undefined],
    ['{"error":null,"custom_id":"a"}', "a", undefined],
    ['{"custom_id":"\\u00fc\\"\\n"}', 'ü"\n', undefined],
    ['{"custom_id":"ü😀"}', "ü😀", undefined],
    ['{"custom_id":""}', undefined, undefined],
    ['{"custom_id":"a","custom_id":"b"}', undefined, undefined],
    ['{"custom_id":"a","url":"/v1/x","body":{"custom_id":"b"}}', undefined, "/v1/x"],
    ['{"custom_id":"a","url":"/v1/x","body":{"request_id":"b"}}', "a", "/v1/x"],
    ['{"custom_id":"a","item_id":"b","custom_ids":"c","xm_id":"d"}', "a", undefined],
    ['{"custom_id":"a","item_id":"b","custom_id":"c"}', undefined, undefined],
    ['{"custom_id":"a"', "a", undefined],
    ['{"body":{"custom_id":"b"},"custom_id":"a"}', undefined, undefined],
    ['{"x":["custom_id"],"custom_id":"a"}', undefined, undefined],
    ['{"x":1,"custom_id":"a"}', undefined, undefined],
    ['{"Custom_id":"a","custom_idx":"a","xcustom_id":"a"}', undefined, undefined],
    ['{"custom_id":null}', undefined, undefined],
    ['{"custom_id":"a', undefined, undefined],
    ['{"custom_id":"a\\', undefined, undefined],
    ['{"custom_id":"\\x"}', undefined, undefined],
    ['{"custom_id"', undefined, undefined],
    ['["custom_id","a"]', undefined, undefined],
    ["{}", undefined, undefined],
    ["", undefined, undefined],
  ])("%s", (line, custom_id, url) => {
    expect(readLeading(line)).toEqual({ custom_id, url });
  });

  test("are none where they are not UTF-8", () => {
    expect(readLeading(Buffer.from('{"custom_id":"\xe9"}', "latin1"))).toEqual({
      custom_id: undefined,
      url: undefined,
    });
  });

  test.each([
    ['{"custom_id":"ab"}', "ab", true],
    ['{"custom_id":"\\u0061b"}', "ab", true],
    ['{"custom_id":"ü"}', "ü", true],
    ['{"custom_id":"a\\\\b"}', "a\\b", true],
    ['{"custom_id":"a\\\\b"}', "a\\\\b", false],
    ['{"custom_id":"ab"}', "abc", false],
    ['{"custom_id":"ab"}', "aB", false],
    ['{"x":{},"custom_id":"ab"}', "ab", false],
  ])("of %s: that it has the id %s is %s", (line, id, has) => {
    const leading = new LeadingStrings();
    const bytes = Buffer.from(line);
    leading.read(bytes, 0, bytes.length, { needsUrl: false });
    expect(leading.hasCustomId(id)).toBe(has);
  });

  test("that are not UTF-8 are not taken for those whose characters have these codes", () => {
    const leading = new LeadingStrings();
    const bytes = Buffer.from('{"custom_id":"\xe9"}', "latin1");
    leading.read(bytes, 0, bytes.length, { needsUrl: false });
    expect(leading.hasCustomId("\xe9")).toBe(false);
  });

  test("are what a parse finds, or nothing", () => {
    const members = fc.dictionary(
      fc.constantFrom("custom_id", "url", "id", "x", "é"),
      fc.oneof(fc.string({ unit: "binary" }), fc.constant(null), fc.jsonValue()),
    );
    fc.assert(
      fc.property(members, fc.nat(2), fc.boolean(), (value, space, isEscaped) => {
        const json = JSON.stringify(value, undefined, space);
        const line = isEscaped
          ? json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
          : json;
        const found = readLeading(line);
        const parsed = JSON.parse(Buffer.from(line).toString());
        for (const key of ["custom_id", "url"] as const) {
          if (found[key] !== undefined) expect(found[key]).toBe(parsed[key]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("the members of a broken line", () => {
  const idOf = (line: string | Buffer): string | undefined => scanMembers(Buffer.from(line)).get("custom_id");

  test.each([
    ['{"custom_id":"a"', "a"],
    ['{"custom_id":"a","x":', "a"],
    ['  {"x":{"custom_id":"b","y":[1,{"z":"}"}]},"custom_id":"a","w":"', "a"],
    ['{"x":NaN,"y":-Infinity,"custom_id":"a"}', "a"],
    ['{"x":"raw\tcontrol","custom_id":"a"}', "a"],
    ['{"x":"\\"custom_id\\":\\"b\\"","custom_id":"a"}', "a"],
    ['{"custom_id":"a"}{"custom_id":"b"}', "a"],
    ['{"custom_id":"a","custom_id":"b"', "b"],
    ['{"custom_id":5,"custom_id":"b"', "b"],
  ])("%s has the id %s", (line, id) => {
    expect(idOf(line)).toBe(id);
  });

  test.each([
    '{"custom_id":"a',
    '{"custom_id":"\\ud83d\\u',
    '{"x":{"custom_id":"b"',
    '{"x":["custom_id","a"',
    '{"x":[{"y":1]},"custom_id":"a"}',
    '{"x":1},"custom_id":"a"}',
    '"custom_id":"a"}',
    'oops {"custom_id":"a"}',
    '{custom_id:"a"}',
    '{"custom_id" "a"}',
    "{",
    "",
  ])("%s has none", (line) => {
    expect(idOf(line)).toBeUndefined();
  });

  test("are followed however deep they nest", () => {
    expect(idOf(`{"x":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)},"custom_id":"a",`)).toBe("a");
  });

  test("of a whole line are what a parse finds, wherever it is cut", () => {
    const members = fc.dictionary(
      fc.constantFrom("custom_id", "x", "é", '"'),
      fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue()),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(members, fc.nat(), (value, at) => {
        const line = Buffer.from(JSON.stringify(value));
        const parsed = JSON.parse(line.toString());
        const expected = typeof parsed.custom_id === "string" ? parsed.custom_id : undefined;
        expect(idOf(line)).toBe(expected);
        const cut = idOf(line.subarray(0, at % line.length));
        if (cut !== undefined) expect(cut).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
