import { expect, it } from "vitest";
import * as z from "zod";
import { OpenbatchError } from "../../src/errors/index.js";
import { FormatNames, toFormat } from "../../src/format/index.js";

const city = z.object({ name: z.string() });
const sameShape = z.object({ name: z.string() });
const other = z.object({ title: z.string() });

it("takes one schema under one name, however often", () => {
  const names = new FormatNames();
  names.claim(toFormat(city, { name: "a" }));
  names.claim(toFormat(city, { name: "a" }));
  names.claim(toFormat(sameShape, { name: "a", description: "The same schema, described." }));
  names.claim(toFormat(other, { name: "b" }));
  const { schema } = toFormat(city);
  names.claim({ name: "a", schema });
  names.claim({ name: "a", schema: structuredClone(schema) });
  expect(() => names.assertFree({ name: "b", schema })).toThrow('the format name "b"');
  names.assertFree({ name: "a", schema: structuredClone(schema) });
});

it("takes schemas for different whose properties stand in another order, as answers do", () => {
  const names = new FormatNames();
  names.claim(toFormat(z.object({ reason: z.string(), label: z.string() })));
  expect(() => names.assertFree(toFormat(z.object({ label: z.string(), reason: z.string() })))).toThrow(
    expect.objectContaining({ code: "format_name_conflict" }),
  );
});

it("refuses another schema under a name that is taken, and asks for a name", () => {
  const names = new FormatNames();
  names.claim(toFormat(city));
  expect(() => names.assertFree(toFormat(other))).toThrow(OpenbatchError);
  expect(() => names.assertFree(toFormat(other))).toThrow(
    'Two different schemas have the format name "response"',
  );
  names.claim(toFormat(other, { name: "other" }));
});
