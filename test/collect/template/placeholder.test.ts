import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePlaceholders } from "../../../src/collect/template/placeholder.js";

const literal = (text: string) => ({ kind: "literal" as const, text });
const placeholder = (name: string) => ({ kind: "placeholder" as const, name });
const parse = (text: string) => parsePlaceholders(text, { names: "identifier" });
const parseColumns = (text: string) => parsePlaceholders(text, { names: "column" });

describe("parsePlaceholders", () => {
  test.each([
    ["", []],
    ["plain", [literal("plain")]],
    ["{name}", [placeholder("name")]],
    ["Dear {name},", [literal("Dear "), placeholder("name"), literal(",")]],
    ["{a}{b}", [placeholder("a"), placeholder("b")]],
    ["{{}}", [literal("{}")]],
    ["{{name}}", [literal("{name}")]],
    ["{{{name}}}", [literal("{"), placeholder("name"), literal("}")]],
    ["{a}}}", [placeholder("a"), literal("}")]],
    ["{{{{", [literal("{{")]],
    [
      "{self} {constructor} {__proto__}",
      [placeholder("self"), literal(" "), placeholder("constructor"), literal(" "), placeholder("__proto__")],
    ],
  ])("reads %j", (text, segments) => {
    expect(parse(text)).toEqual(segments);
  });

  test.each([
    ["a } b", 'line 1, column 3: a "}" that closes nothing.'],
    ["a { b", 'line 1, column 3: a "{" that is not closed.'],
    ["{a{b}}", 'line 1, column 1: a "{" that is not closed.'],
    ["{{}", 'line 1, column 3: a "}" that closes nothing.'],
    ["one\ntwo {}", "line 2, column 5: a placeholder without a name."],
    ["{0}", "a positional placeholder, {0}."],
    ["{x.__class__}", "attribute access, {x.…}."],
    ["{x[0]}", "an index, {x[…]}."],
    ["{x!r}", "a conversion, {x!…}."],
    ["{x:>10}", "a format spec, {x:…}."],
    ["{ name }", "spaces around {name}."],
    ["{First Name}", "what stands between { and } is no name."],
    ['{"type": "secret"}', "what stands between { and } is no name."],
    ["{größe in cm}", "what stands between { and } is no name."],
    ["{1er}", "what stands between { and } is no name."],
  ])("refuses %j with its place and no content", (text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: "invalid_template", message: expect.stringContaining(message) }),
    );
    expect(() => parse(text)).not.toThrow(/secret/);
  });

  test("names the place that it is given", () => {
    const parseAt = () => parsePlaceholders("{", { names: "identifier", place: "message 2 (user)" });
    expect(parseAt).toThrow('Message 2 (user), line 1, column 1: a "{" that is not closed.');
  });

  test.each([
    ["{First Name}", [placeholder("First Name")]],
    ["{price ($)}: {user.name}", [placeholder("price ($)"), literal(": "), placeholder("user.name")]],
    ["{0}{{x}}", [placeholder("0"), literal("{x}")]],
    ["{ name }", [placeholder(" name ")]],
  ])("takes any column name in %j", (text, segments) => {
    expect(parseColumns(text)).toEqual(segments);
  });

  test.each(["{}", "{ }", "{a", "}", "{a{b}"])("refuses %j among columns too", (text) => {
    expect(() => parseColumns(text)).toThrow(expect.objectContaining({ code: "invalid_template" }));
  });

  test("gives any text back whose braces are doubled", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const doubled = text.replace(/[{}]/g, "$&$&");
        expect(parse(doubled)).toEqual(text === "" ? [] : [literal(text)]);
      }),
    );
  });
});
