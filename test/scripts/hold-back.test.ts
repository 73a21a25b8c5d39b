import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { holdBack } from "../../scripts/hold-back.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();

/** What is built of the rules over a schema, where another file of source uses a part of them. */
const built = `// src/api/rule/rule.ts
function isObject(value) {
  return typeof value === "object" && value !== null;
}

// src/api/strict-schema/keywords.ts
var keywords = said("keywords");

// src/api/strict-schema/schema-size.ts
var size = said("size");

// src/api/strict-schema/strict-schema.ts
function validateStrictSchema(schema, name) {
  return [isObject(schema), name, keywords, size];
}

// src/format/format.ts
var format = said("format");
function said(name) {
  globalThis.sayings.push(name);
  return name;
}
function ask() {
  return validateStrictSchema({}, "asked");
}
export {
  ask,
  validateStrictSchema
};
`;
const doors = [["src/api/strict-schema/strict-schema.ts"]];

test("what only a door leads to is made with its first call, and once", async () => {
  const sayings: string[] = [];
  Object.assign(globalThis, { sayings });
  const { ask, validateStrictSchema } = await importCode(holdBack(built, doors));

  // Other files of source use the keywords.
  expect(sayings).toEqual(["keywords", "format"]);
  const early = validateStrictSchema;
  expect(early?.({}, "early")).toEqual([true, "early", "keywords", "size"]);
  expect(ask?.()).toEqual([true, "asked", "keywords", "size"]);
  expect(early?.(1, "again")).toEqual([false, "again", "keywords", "size"]);
  expect(sayings).toEqual(["keywords", "format", "size"]);
});

test("a build fails where another file needs what is held back and no door", () => {
  const exporting = built.replace("  ask,\n", "  ask,\n  size,\n");
  expect(() => holdBack(exporting, doors)).toThrow('"size" is not declared');
});

test("a build fails where a door exports what is no function", () => {
  const withClass = [["src/api/rule/inspection.ts"]];
  expect(() => holdBack("// src/api/rule/inspection.ts\nvar Inspection = class {};\n", withClass)).toThrow(
    "src/api/rule/inspection.ts cannot be a door: export class Inspection",
  );
});

test("code without a door is left as it is", () => {
  expect(holdBack(built, [["src/api/inspect-body.ts"]])).toBe(built);
});

async function importCode(code: string): Promise<Readonly<Record<string, (...given: unknown[]) => unknown>>> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "built.mjs");
  writeFileSync(file, code);
  return await import(pathToFileURL(file).href);
}
