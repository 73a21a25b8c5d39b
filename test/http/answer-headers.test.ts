import { expect, test } from "vitest";
import { AnswerHeaders } from "../../src/http/answer-headers.js";

function toRaw(headers: readonly (readonly [name: string, value: string])[]): Buffer[] {
  return headers.flatMap(([name, value]) => [Buffer.from(name, "latin1"), Buffer.from(value, "latin1")]);
}

const before = new AnswerHeaders(
  toRaw([
    ["Content-Type", "application/json"],
    ["X-Request-Id", "req_1"],
  ]),
);

test("a value is found by its name in lower case, whatever way the server writes the name", () => {
  expect(before.get("content-type")).toBe("application/json");
  expect(before.get("x-request-id")).toBe("req_1");
  expect(before.get("X-Request-Id")).toBeUndefined();
  expect(before.get("__proto__")).toBeUndefined();
});

test("values of one name are joined, and may have any byte", () => {
  const headers = before.next(
    toRaw([
      ["warning", "\xe9"],
      ["retry-after", "1"],
      ["Warning", "b"],
    ]),
  );
  expect(headers.get("warning")).toBe("\xe9, b");
  expect(headers.get("retry-after")).toBe("1");
});

test("a value that comes twice, of a server and of a proxy before it, is that value", () => {
  const headers = before.next(
    toRaw([
      ["Retry-After", "30"],
      ["x-ratelimit-reset-requests", "2s"],
      ["retry-after", "30"],
      ["x-ratelimit-reset-requests", "2s"],
      ["vary", "a"],
      ["vary", "b"],
    ]),
  );
  expect(headers.get("retry-after")).toBe("30");
  expect(headers.get("x-ratelimit-reset-requests")).toBe("2s");
  expect(headers.get("vary")).toBe("a, b");
});

test("answers with the same names share them, and keep their own values", () => {
  const next = before.next(
    toRaw([
      ["Content-Type", "text/plain"],
      ["X-Request-Id", ""],
    ]),
  );
  expect(next.names).toBe(before.names);
  expect(next.get("content-type")).toBe("text/plain");
  expect(next.get("x-request-id")).toBe("");
  expect(before.get("x-request-id")).toBe("req_1");
});

test.each([
  ["another order", ["X-Request-Id", "Content-Type"]],
  ["one more", ["Content-Type", "X-Request-Id", "Date"]],
  ["one less", ["Content-Type"]],
  ["a name that is as long", ["Content-Type", "X-Request-Ix"]],
  ["another case", ["content-type", "x-request-id"]],
])("names are read anew where they are not the same: %s", (_, names) => {
  const next = before.next(toRaw(names.map((name) => [name, `of ${name}`])));
  expect(next.names).not.toBe(before.names);
  expect([...next.names]).toEqual(names.map((name) => name.toLowerCase()));
  for (const name of names) expect(next.get(name.toLowerCase())).toBe(`of ${name}`);
});
