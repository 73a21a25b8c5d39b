import fc from "fast-check";
import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { cleanName } from "../../src/format/format-name.js";
import { toFormat } from "../../src/format/index.js";

describe("the name of a format", () => {
  it.each<readonly [string, object, string]>([
    ["its title", z.object({ a: z.string() }).meta({ title: "City info" }), "City_info"],
    ["its title before its id", z.object({ a: z.string() }).meta({ id: "City", title: "Town" }), "Town"],
    ["its id", z.object({ a: z.string() }).meta({ id: "City" }), "City"],
    ["the title of a plain schema", Type.Object({}, { title: "T" }), "T"],
    ["the last step of its $id", Type.Object({}, { $id: "https://example.com/city.schema.json" }), "city"],
    [
      "the definition that the root refers to",
      { $ref: "#/$defs/City", $defs: { City: Type.Object({}) } },
      "City",
    ],
    ["response, where there is neither", z.object({ a: z.string() }), "response"],
    ["response, where nothing of the title can be used", Type.Object({}, { title: "日本" }), "response"],
    ["response, where the title is no text", Type.Object({}, { title: 7 as never }), "response"],
  ])("is %s", (_, schema, name) => {
    expect(toFormat(schema).name).toBe(name);
  });

  it("is the explicit one before all others", () => {
    expect(toFormat(z.object({}).meta({ title: "T" }), { name: "mine" }).name).toBe("mine");
  });

  it.each([
    ["City info", "City_info"],
    ["Résumé, Straße", "Resume_Stra_e"],
    ["Box[int]", "Box_int"],
    ["__schema0", "__schema0"],
    ["a".repeat(100), "a".repeat(64)],
    ["!?", ""],
  ])("is cleaned: %j", (given, cleaned) => {
    expect(cleanName(given)).toBe(cleaned);
  });

  it("is one that the service takes, whatever the title is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (title) => {
        expect(toFormat(Type.Object({}, { title })).name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      }),
    );
  });
});
