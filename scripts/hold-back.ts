import { readdirSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { transformSync } from "esbuild";
import { importsOf } from "./join-modules.js";

/** The doors that open together: files of source, all of whose exports are functions. */
export type Doors = readonly string[];

/**
 * Holds back, in the code of one built file, what nothing but doors leads to: it goes into a function that the first call of a
 * door calls. V8 only looks through what stands in a function, which takes half as long as to make something of it, and tables
 * are made when they are first asked. Where a door is in another built file, so is what is held back behind it.
 */
export function holdBack(code: string, doors: readonly Doors[]): string {
  const held = doors.reduce(holdBehind, code);
  // Fails where another built file imports what is held back and no door.
  if (held !== code) transformSync(held, { format: "esm" });
  return held;
}

function holdBehind(code: string, all: Doors, number: number): string {
  const { head, sections, exported } = toSections(code);
  const here = new Set(sections.map(({ file }) => file));
  const doors = all.filter((door) => here.has(door));
  const held = findHeld(doors, here);
  if (held.size === 0) return code;
  const inside = sections.filter(({ file }) => held.has(file));
  const outside = sections.filter(({ file }) => !held.has(file));
  return [
    head,
    ...outside.map(({ text }) => text),
    toFunctions(doors.flatMap(functionsOf), inside.map(({ text }) => text).join(""), `${number}`),
    exported,
  ].join("");
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

/** The doors of a built file and the files behind them that no file imports but those. */
function findHeld(doors: Doors, here: ReadonlySet<string>): ReadonlySet<string> {
  const held = new Set<string>();
  const hold = (file: string): void => {
    if (held.has(file) || !here.has(file)) return;
    held.add(file);
    for (const imported of importsOfAll().get(file) ?? []) hold(imported);
  };
  for (const door of doors) hold(door);
  const release = (file: string): void => {
    if (doors.includes(file) || !held.delete(file)) return;
    for (const imported of importsOfAll().get(file) ?? []) release(imported);
  };
  for (const [file, imports] of importsOfAll()) {
    if (!held.has(file)) for (const imported of imports) release(imported);
  }
  return held;
}

let known: ReadonlyMap<string, readonly string[]> | undefined;

function importsOfAll(): ReadonlyMap<string, readonly string[]> {
  known ??= new Map(
    readdirSync("src", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith("index.ts"))
      .map((name) => [`src/${name}`, importsOf(resolve("src", name)).map((path) => relative(".", path))]),
  );
  return known;
}

function functionsOf(door: string): string[] {
  const source = readFileSync(door, "utf8");
  const other = /^export (?:const|let|class|abstract|\{).*/m.exec(source)?.[0];
  if (other !== undefined) throw new Error(`${door} cannot be a door: ${other}`);
  return [...source.matchAll(/^export (?:async )?function\*? (\w+)/gm)].map(([, name = ""]) => name);
}

/** Each function of a door makes what is held back, takes its own place from it, and is called again. */
function toFunctions(names: readonly string[], held: string, suffix: string): string {
  const missing = names.find((name) => !new RegExp(`^(?:async )?function\\*? ${name}\\(`, "m").test(held));
  if (missing !== undefined) throw new Error(`${missing} has another name in the code that was built.`);
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
