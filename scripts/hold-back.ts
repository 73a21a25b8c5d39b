import { readdirSync, readFileSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { transformSync } from "esbuild";
import { importsOf } from "./join-modules.js";

/** The doors that open together: files of source, all of whose exports are functions. */
export type Doors = readonly string[];

/**
 * Holds back, in the code of one built file, what nothing but doors leads to: it goes into a function that the first call of a
 * door calls. V8 only looks through what stands in a function, which takes half as long as to make something of it, and tables
 * are made when they are first asked. Where a door is in another built file, so is what is held back behind it.
 *
 * @param root the folder with the `src` that the code was built of.
 */
export function holdBack(code: string, doors: readonly Doors[], root = "."): string {
  const { head, sections, exported } = toSections(code);
  const here = new Map(sections.map(({ file, text }) => [file, text]));
  const functions = new Map(doors.flat().map((door) => [door, functionsOf(door, root, here.get(door))]));
  const imports = importsOfAll(root);
  const mayBeHeld = (file: string): boolean => here.has(file) && !functions.has(file);
  const groups = doors
    .map((together) => together.filter((door) => here.has(door)))
    .map((together) => ({ together, files: findHeld(together, mayBeHeld, imports) }));
  const held = new Set(groups.flatMap(({ files }) => [...files]));
  if (held.size === 0) return code;
  const textOf = (isMeant: (file: string) => boolean): string =>
    sections.map(({ file, text }) => (isMeant(file) ? text : "")).join("");
  const made = groups.map(({ together, files }, number) => {
    const names = together.flatMap((door) => functions.get(door) ?? []);
    const isInside = (file: string): boolean => files.has(file);
    return files.size === 0 ? "" : toFunctions(names, textOf(isInside), `${number}`);
  });
  const result = [head, textOf((file) => !held.has(file)), ...made, exported].join("");
  // Fails where another built file imports what is held back and no door.
  transformSync(result, { format: "esm" });
  return result;
}

/** What a file of source is in the built one, after the comment that names it. */
interface Section {
  readonly file: string;
  readonly text: string;
}

interface Sections {
  readonly head: string;
  readonly sections: readonly Section[];
  readonly exported: string;
}

function toSections(code: string): Sections {
  const end = /^export \{/m.exec(code)?.index ?? code.length;
  const parts = code.slice(0, end).split(/^(?=\/\/ src\/\S+\.ts$)/m);
  const isSection = (text: string): boolean => text.startsWith("// src/");
  const head = parts.filter((text) => !isSection(text)).join("");
  const sections = parts
    .filter(isSection)
    .map((text) => ({ file: text.slice("// ".length, text.indexOf("\n")), text }));
  return { head, sections, exported: code.slice(end) };
}

type Imports = ReadonlyMap<string, readonly string[]>;

/** The doors of a built file that open together, and the files behind them that no file imports but those. */
function findHeld(doors: Doors, mayBeHeld: (file: string) => boolean, imports: Imports): ReadonlySet<string> {
  const held = new Set<string>();
  const hold = (file: string): void => {
    if (held.has(file) || !(doors.includes(file) || mayBeHeld(file))) return;
    held.add(file);
    for (const imported of imports.get(file) ?? []) hold(imported);
  };
  for (const door of doors) hold(door);
  const release = (file: string): void => {
    if (doors.includes(file) || !held.delete(file)) return;
    for (const imported of imports.get(file) ?? []) release(imported);
  };
  for (const [file, imported] of imports) {
    if (!held.has(file)) imported.forEach(release);
  }
  return held;
}

const known = new Map<string, Imports>();

function importsOfAll(root: string): Imports {
  const imports = known.get(root) ?? readImports(root);
  known.set(root, imports);
  return imports;
}

function readImports(root: string): Imports {
  // An index.ts passes on what others are found to import.
  const files = readdirSync(resolve(root, "src"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && basename(name) !== "index.ts",
  );
  return new Map(
    files.map((name) => {
      const imported = importsOf(resolve(root, "src", name));
      return [`src/${name}`, imported.map((path) => relative(root, path))];
    }),
  );
}

const exportOfDoor = /^export (?!type\b|interface\b)(?:(?:async )?function\*? (\w+)(?=[(<]))?.*/gm;

/** The functions that a door exports, which have to have the same names in what was built of it. */
function functionsOf(door: string, root: string, built: string | undefined): string[] {
  const names = new Set<string>();
  for (const [line = "", name] of readFileSync(resolve(root, door), "utf8").matchAll(exportOfDoor)) {
    if (name === undefined) throw new Error(`${door} cannot be a door: ${line}`);
    names.add(name);
  }
  const isIn = (code: string, name: string): boolean =>
    new RegExp(`^(?:async )?function\\*? ${name}\\(`, "m").test(code);
  const missing = [...names].find((name) => built !== undefined && !isIn(built, name));
  if (missing !== undefined)
    throw new Error(`${missing} of ${door} has another name in the code that was built.`);
  return [...names];
}

/** Each function of a door makes what is held back, takes its own place from it, and is called again. */
function toFunctions(names: readonly string[], held: string, suffix: string): string {
  const list = names.join(", ");
  const doors = names.map(
    (name) => `function ${name}(...given) {\n  open${suffix}();\n  return ${name}(...given);\n}\n`,
  );
  return `// What is made with the first call.
var made${suffix};
function open${suffix}() {
  ({ ${list} } = made${suffix} ??= make${suffix}());
}
${doors.join("")}function make${suffix}() {
${held}return { ${list} };
}
`;
}
