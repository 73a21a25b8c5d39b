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

test("a build fails where a door is not there", () => {
  expect(() => holdBack(built, [["src/api/renamed.ts"]])).toThrow("src/api/renamed.ts");
});

test("a build fails where a door exports all of another file", () => {
  const root = writeSources("all", { "src/door.ts": 'export * from "./inner.js";\n' });
  expect(() => holdBack("// src/door.ts\n", [["src/door.ts"]], root)).toThrow(
    'src/door.ts cannot be a door: export * from "./inner.js";',
  );
});

test("a build fails where the function of a door is one of another file by its name", () => {
  const root = writeSources("names", {
    "src/door.ts": 'import "./inner.js";\nexport function open() {}\n',
    "src/inner.ts": "function open() {}\nopen();\n",
  });
  const code = "// src/inner.ts\nfunction open() {\n}\nopen();\n\n// src/door.ts\nfunction open2() {\n}\n";
  expect(() => holdBack(code, [["src/door.ts"]], root)).toThrow("open of src/door.ts has another name");
});

test("what a file imports is not held back, whatever its name and how it imports", () => {
  const root = writeSources("used", {
    "src/door.ts": 'import { a } from "./a.js";\nimport "./b.js";\nexport function open() { return a; }\n',
    "src/a.ts": "export const a = 1;\n",
    "src/b.ts": "globalThis.b = 1;\n",
    "src/key-index.ts": 'import { a } from "./a.js";\nexport const key = a;\n',
    "src/other.ts": 'import "./b.js";\n',
  });
  const code =
    "// src/a.ts\nvar a = 1;\n\n// src/b.ts\nglobalThis.b = 1;\n\n// src/door.ts\nfunction open() {\n  return a;\n}\n";
  const used = "\n// src/key-index.ts\nvar key = a;\nexport {\n  key\n};\n";
  const [outside = "", inside = ""] = holdBack(code + used, [["src/door.ts"]], root).split("function make0");
  expect(outside).toContain("var a = 1;");
  expect(outside).toContain("globalThis.b = 1;");
  expect(inside).toContain("return a;");
});

test("doors of two sets may stand in any order", async () => {
  const root = writeSources("sets", {
    "src/first.ts": 'import { second } from "./second.js";\nexport function first() { return second(); }\n',
    "src/second.ts": 'import { table } from "./table.js";\nexport function second() { return table; }\n',
    "src/table.ts": 'export const table = "of both";\n',
  });
  const sections = [
    "// src/first.ts\nfunction first() {\n  return second();\n}\n\n",
    '// src/table.ts\nvar table = "of both";\n\n',
    "// src/second.ts\nfunction second() {\n  return table;\n}\n\n",
  ];
  const doorsOfBoth = [["src/first.ts"], ["src/second.ts"]];
  for (const [number, order] of [sections, [...sections].reverse()].entries()) {
    const code = holdBack(`${order.join("")}export {\n  first\n};\n`, doorsOfBoth, root);
    const { first } = await importCode(code, `sets-${number}.mjs`);
    expect(first?.()).toBe("of both");
  }
});

function writeSources(name: string, files: Readonly<Record<string, string>>): string {
  const root = path.join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

async function importCode(
  code: string,
  name = "built.mjs",
): Promise<Readonly<Record<string, (...given: unknown[]) => unknown>>> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, code);
  return await import(pathToFileURL(file).href);
}
