import { Type } from "typebox";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import * as zodMini from "zod/mini";
import { z as z3 } from "zod/v3";
import { toFormat, toValidator } from "../../../src/format/index.js";

const text = (pattern: string) => ({ type: "object", properties: { a: { type: "string", pattern } } });
const slow = `${"a".repeat(40)}!`;
const tooSlow = [
  {
    message: expect.stringContaining("takes too long"),
    rule: "time (to be checked within half a second)",
    path: [],
  },
];

const isSlow = (text: string): boolean => /^(a+)+$/.test(text);
const Node: z.ZodType = z.lazy(() => z.object({ next: Node.nullable() }));
const Tree = z.object({
  name: z.string(),
  get children() {
    return z.array(Tree);
  },
});

/** As it is read from a file, which nests as deep as it likes. */
function nested(depth: number): unknown {
  return JSON.parse(`${'{"next":'.repeat(depth)}null${"}".repeat(depth)}`);
}

describe("an answer that takes ages to check gives an issue instead", () => {
  test.each([
    ["a pattern of a JSON Schema", text("^(a+)+$")],
    ["names that fit a pattern", { type: "object", patternProperties: { "^(a+)+$": { type: "string" } } }],
    ["a pattern that a format leaves out", toFormat({ ...text("^(?=a)(a+)+$"), required: ["a"] })],
    ["a pattern of Zod", z.object({ a: z.string().regex(/^(a+)+$/) })],
    ["a format of Zod", toFormat(z.object({ a: z.string().regex(/^(a+)+$/) }))],
    ["a pattern of Zod 3", z3.object({ a: z3.string().regex(/^(a+)+$/) })],
    ["a pattern of zod/mini", zodMini.object({ a: zodMini.string().check(zodMini.regex(/^(a+)+$/)) })],
    ["a pattern of Valibot", v.object({ a: v.pipe(v.string(), v.regex(/^(a+)+$/)) })],
    ["a check of one's own", z.object({ a: z.string().refine((text) => /^(a+)+$/.test(text)) })],
    [
      "a pattern behind a change of Zod's",
      z.object({
        a: z
          .string()
          .transform((text) => text.trim())
          .pipe(z.string().regex(/^(a+)+$/)),
      }),
    ],
    [
      "a check of one's own deep within",
      z
        .object({ a: z.string(), b: z.array(z.object({ c: z.string().refine(isSlow) })).optional() })
        .refine(({ a }) => isSlow(a)),
    ],
    ["TypeBox", Type.Object({ a: Type.String({ pattern: "^(a+)+$" }) })],
  ])("with %s", async (_, schema) => {
    const { validate } = toValidator(schema);
    expect((await validate({ a: slow, [slow]: "" })).issues).toEqual(tooSlow);
    expect((await validate({ a: "aaa" })).issues).toBeUndefined();
  });

  test("and keeps none of those from being checked that are given with it", async () => {
    const { validate } = toValidator(z3.object({ a: z3.string().regex(/^(a+)+$/) }));
    const given = ["aaa", slow, "b", slow, "aa"].map((a) => validate({ a }));
    const found = await Promise.all(given);
    expect(found.map(({ issues }) => issues?.[0]?.rule)).toEqual([
      undefined,
      "time (to be checked within half a second)",
      "invalid_string (validation regex)",
      "time (to be checked within half a second)",
      undefined,
    ]);
  });

  test.each([
    ["a JSON Schema", text("^(a+)+$")],
    ["a library's own validator", z3.object({ a: z3.string().regex(/^(a+)+$/) })],
  ])("sooner once several of one schema did, with %s", async (_, schema) => {
    const { validate } = toValidator(schema);
    const rules = [];
    for (let count = 0; count < 5; count += 1) rules.push((await validate({ a: slow })).issues?.[0]?.rule);
    expect(rules.slice(0, 3)).toEqual(Array(3).fill(tooSlow[0]?.rule));
    expect(rules.slice(3)).toEqual(
      Array(2).fill("time (to be checked within 25 ms, after others took half a second)"),
    );
    expect((await validate({ a: "aaa" })).issues).toBeUndefined();
    expect((await toValidator(schema).validate({ a: slow })).issues).toEqual(tooSlow);
  });

  test("where a pattern is quick for words, and slow for books", async () => {
    const { validate } = toValidator(text("^.*-.*-.*-.*!$"));
    expect((await validate({ a: "-".repeat(20_000) })).issues).toEqual(tooSlow);
    expect((await validate({ a: "1-2-3-4!" })).issues).toBeUndefined();
  });

  test("where each element is to differ from each other", async () => {
    const { validate } = toValidator({ type: "array", uniqueItems: true });
    const many = Array.from({ length: 300_000 }, (_, id) => ({ id }));
    expect((await validate(many)).issues).toEqual(tooSlow);
    expect((await validate(many.slice(0, 1_000))).issues).toBeUndefined();
  });

  test("where a schema goes into itself in several branches", async () => {
    const next = { type: ["object", "null"], properties: { next: { $ref: "#/$defs/Node" } } };
    const one = { ...next, required: ["one"] };
    const { validate } = toValidator({
      $ref: "#/$defs/Node",
      $defs: { Node: { anyOf: [one, { ...next, required: ["two"] }, { type: "null" }] } },
    });
    expect((await validate(nested(100))).issues).toEqual(tooSlow);
  });
});

describe("an answer that is nested as deep as it likes gives an issue", () => {
  const recursive = {
    $ref: "#/$defs/Node",
    $defs: { Node: { type: ["object", "null"], properties: { next: { $ref: "#/$defs/Node" } } } },
  };
  test.each([
    ["a JSON Schema", recursive],
    ["Zod", Node],
  ])("with %s", async (_, schema) => {
    const { issues } = await toValidator(schema).validate(nested(100_000));
    expect(issues).toMatchObject([{ message: "It is nested too deeply to be checked.", path: [] }]);
    expect(issues?.[0]?.rule).toMatch(/^depth /);
    expect((await toValidator(schema).validate(nested(100))).issues).toBeUndefined();
  });

  test("and one that the schema does not look into is fine", async () => {
    const { validate } = toValidator({
      type: "object",
      properties: { a: { type: "string", pattern: "^(a+)+$" } },
    });
    expect((await validate(nested(100_000))).issues).toBeUndefined();
  });
});

describe("a recursive schema checks answers", () => {
  const node = (reference: string, more: object = {}) => ({
    type: "object",
    properties: { name: { type: "string" }, next: { anyOf: [{ $ref: reference }, { type: "null" }] } },
    required: ["name", "next"],
    ...more,
  });
  const dynamic = {
    ...node("#"),
    $dynamicAnchor: "node",
    properties: { name: { type: "string" }, next: { anyOf: [{ $dynamicRef: "#node" }, { type: "null" }] } },
  };
  test.each([
    ["#", node("#")],
    [
      "#/properties/…",
      {
        ...node("#"),
        properties: {
          ...node("#/properties/next").properties,
          next: { anyOf: [node("#/properties/next/anyOf/0"), { type: "null" }] },
        },
      },
    ],
    ["an $id", node("https://example.org/node", { $id: "https://example.org/node" })],
    ["an $id and #", node("#", { $id: "https://example.org/other" })],
    ["a nested $id", { $ref: "Node", $defs: { Node: node("Node", { $id: "Node" }) } }],
    ["an $anchor", node("#node", { $anchor: "node" })],
    ["a $dynamicRef", dynamic],
  ])("that refers to itself by %s, as often as it is compiled", async (_, schema) => {
    for (const again of [schema, structuredClone(schema)]) {
      const { validate } = toValidator(again);
      expect((await validate({ name: "a", next: { name: "b", next: null } })).issues).toBeUndefined();
      expect((await validate({ name: "a", next: { name: 1, next: null } })).issues).not.toBeUndefined();
    }
  });

  test("as it is sent, which is what results find in a request", async () => {
    const { validate } = toValidator(toFormat(Tree).schema);
    expect((await validate({ name: "a", children: [{ name: "b", children: [] }] })).issues).toBeUndefined();
    expect((await validate({ name: "a", children: [{ name: 1, children: [] }] })).issues).not.toBeUndefined();
  });

  test("and two schemas with one id don't take each other's place", async () => {
    const schemaOf = (type: string) => ({ $ref: "Value", $defs: { Value: { $id: "Value", type } } });
    const [one, other] = [toValidator(schemaOf("string")), toValidator(schemaOf("number"))];
    expect((await one.validate("a")).issues).toBeUndefined();
    expect((await other.validate("a")).issues).toHaveLength(1);
  });
});
