import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../src/execute/upstream/read-answer.js";

function read(body: string, status = 200, headers: Readonly<Record<string, string>> = {}) {
  return readAnswer({ status, body, header: (name) => headers[name] });
}

describe("a body of JSON", () => {
  test.each([
    ['{"a":1}', '{"a":1}'],
    ['{"large":12345678901234567890,"huge":1e400,"small":1.10}', undefined],
    ['{"twice":1,"twice":2}', undefined],
    ['{"text":"a\\nb \u2028 \u2029 \u0085 \ud800"}', undefined],
    ['  {"spaces": [1, 2]}  ', undefined],
    ['{\n  "a": [\r\n    1,\n\n    1e400\n  ],\r\n  "b": "x y"\n}\n', '{"a": [1,1e400],"b": "x y"}'],
    ['\ufeff{"a":1}', '{"a":1}'],
    ['"text"', '"text"'],
    ["null", "null"],
  ])("%j is kept on one line as it was written", (body, line = body) => {
    expect(read(body)?.body).toBe(line);
    expect(read(body)?.json).toEqual(JSON.parse(line));
  });

  test("means the same on one line, whatever it is and however it was laid out", () => {
    const layouts = fc.constantFrom("", "  ", "\t", "\n", "\r\n", " \n \r ");
    fc.assert(
      fc.property(fc.jsonValue(), layouts, layouts, (value, indent, around) => {
        const text = `${around}${JSON.stringify(value, undefined, indent)}${around}`;
        const line = read(text)?.body ?? "";
        expect(line).not.toMatch(/[\r\n]/);
        expect(JSON.parse(line)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each(["", " ", "<html>", '{"a":', "data: {}", "undefined"])("is missed in %j", (body) => {
    expect(read(body)).toBeUndefined();
  });
});

describe("the body of an error", () => {
  test.each([
    ['{"error":{"message":"no","type":"t","param":null,"code":"c"}}'],
    ['{"detail":"Not Found"}'],
    ['{"object":"error","message":"The model `x` does not exist.","code":404}'],
    ['{"error":"model not found"}'],
    ['{\n "error": "pretty"\n}'],
  ])("%j stays the server's own", (body) => {
    expect(read(body, 404)?.json).toEqual(JSON.parse(body));
  });

  test.each([
    ["404 page not found", "404 page not found"],
    ["<html>\n<b>Bad Gateway</b>\n</html>", "<html>\n<b>Bad Gateway</b>\n</html>"],
    ['"Not Found"', '"Not Found"'],
    ["", "The server answered with status 502 and an empty body."],
    [" \n", "The server answered with status 502 and an empty body."],
  ])("%j becomes an error as the service writes it", (body, message) => {
    const answer = read(body, 502);
    expect(answer?.json).toEqual({ error: { message, type: "upstream_error", param: null, code: null } });
    expect(answer?.body).toBe(JSON.stringify(answer?.json));
  });

  test("that is long text is cut at 2,000 characters", () => {
    const answer = read("é".repeat(5000), 500);
    expect(answer?.json).toMatchObject({ error: { message: `${"é".repeat(1999)}…` } });
  });

  test("of a redirect says that it is not followed, and shows no path or query", () => {
    const location = "https://elsewhere.test/login?token=secret";
    expect(read("", 302, { location })?.json).toMatchObject({
      error: { message: expect.stringMatching(/redirects to https:\/\/elsewhere\.test \(status 302\)/) },
    });
    expect(read("<a>", 308, { location: "/v1/" })?.body).toMatch(/redirects \(status 308\)/);
  });
});
