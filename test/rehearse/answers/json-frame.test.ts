import { expect, it } from "vitest";
import { JsonFrame, varying } from "../../../src/rehearse/answers/json-frame.js";

const frame = new JsonFrame<{ id: string; kind: string; 'a "b"': object; count: number; isLast?: boolean }>({
  id: varying,
  kind: "text",
  'a "b"': { within: ["\u2028"] },
  count: 0,
  isLast: varying,
});

it("writes what is usual, and what varies where it is given", () => {
  expect(frame.write({ id: '"1"' })).toBe(
    '{"id":"1","kind":"text","a \\"b\\"":{"within":["\u2028"]},"count":0}',
  );
});

it("writes another value in the place of a usual one", () => {
  const text = frame.write({ id: "null", 'a "b"': "[]", count: 2, isLast: false });
  expect(text).toBe('{"id":null,"kind":"text","a \\"b\\"":[],"count":2,"isLast":false}');
});
