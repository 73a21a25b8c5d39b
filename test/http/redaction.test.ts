import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Redaction } from "../../src/http/redaction.js";

const key = 'sk-aé+b/c"d\\e f=0123456789';
const redaction = new Redaction({ headers: { authorization: `Bearer ${key}` } });

describe("a key is taken out", () => {
  test.each([
    ["as it is", key],
    ["as JSON", JSON.stringify(key).slice(1, -1)],
    ["as JSON that PHP writes", JSON.stringify(key).slice(1, -1).replace("/", "\\/").replace("é", "\\u00e9")],
    [
      "as JSON that .NET writes",
      JSON.stringify(key).slice(1, -1).replace("+", "\\u002B").replace('\\"', "\\u0022"),
    ],
    ["as in a URL", encodeURIComponent(key)],
    ["as in a URL, in lower case", encodeURIComponent(key).replaceAll(/%../g, (byte) => byte.toLowerCase())],
  ])("%s", (_, written) => {
    for (const status of [200, 401]) expect(redaction.apply(`<${written}>`, status)).toBe("<[key]>");
  });

  test("wherever it stands in JSON, which stays JSON", () => {
    const characters = fc.constantFrom(...'abc019-_./\\"+=é ');
    fc.assert(
      fc.property(
        fc.string({ unit: characters, minLength: 16, maxLength: 30 }),
        fc.string({ unit: characters }),
        (secret, before) => {
          const json = JSON.stringify({ before, echo: `${before}${secret}` });
          const text = new Redaction({ headers: { "x-key": secret } }).apply(json, 200);
          expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
          expect(JSON.parse(text)).toHaveProperty("echo");
        },
      ),
      {
        examples: [
          ["\\aaaaaaaaaaaaaaaa", "\\"],
          ['"aaaaaaaaaaaaaaaa', "\\"],
          ["/aaaaaaaaaaaaaaaa", "\\\\"],
        ],
      },
    );
  });
});

describe("a secret", () => {
  const apply = (name: string, value: string, status = 200): string =>
    new Redaction({ headers: { [name]: value } }).apply(`<${value}>`, status);

  test.each(["x-auth", "x-credential", "cf-access", "api-key"])("is a long value of %s", (name) => {
    expect(apply(name, "0123456789abcdef")).toBe("<[key]>");
  });

  test.each(["user-agent", "http-referer", "x-title", "accept", "content-type", "anthropic-version"])(
    "is not the value of %s",
    (name) => {
      expect(apply(name, "https://example.org/about")).toBe("<https://example.org/about>");
    },
  );

  test("is no short value of a header whose name says nothing", () => {
    expect(apply("x-tenant", "blue-team", 401)).toBe("<blue-team>");
  });

  test.each([
    ["x-project", "classification-2026-team"],
    ["x-upstream-model", "meta-llama/Llama-3.3-70B-Instruct"],
    ["openai-beta", "assistants=v2, realtime=v1"],
    ["x-customer", "Acme Corporation GmbH & Co. KG"],
  ])("is no value of %s that is made of words where it stands in an answer", (name, value) => {
    expect(apply(name, value)).toBe(`<${value}>`);
    expect(apply(name, value, 401)).toBe("<[key]>");
  });

  test("stands in the query of a base URL, also where it is written in another way", () => {
    const query = "?api-version=2024-10-01-preview&sig=abc%2fdef%2Bghi0123456&code=0123456789abcdefg";
    const withQuery = new Redaction({ headers: {}, query });
    const text = "2024-10-01-preview abc%2fdef%2Bghi0123456 abc/def+ghi0123456 0123456789abcdefg";
    expect(withQuery.apply(text, 200)).toBe("2024-10-01-preview [key] [key] [key]");
  });
});
