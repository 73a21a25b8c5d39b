import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { toErrorPage } from "../scripts/error-page.js";
import { codeTable } from "../src/errors/index.js";

/** The rooms in the order of the way data takes: each imports only from those before it. */
const rooms = [
  "errors",
  "jsonl",
  "api",
  "format",
  "collect",
  "rows",
  "check",
  "results",
  "rehearse",
  "execute",
  "serve",
  "testing",
  "cli",
];
/** What the package exports; the command line sees these alone. */
const entries = ["execute.ts", "index.ts", "serve.ts", "testing.ts"];
const root = fileURLToPath(new URL("..", import.meta.url));
const files = listFiles("src");

describe("the rooms", () => {
  test("are the folders of src, and nothing else is there but what the package exports", () => {
    const names = readdirSync(path.join(root, "src"));
    expect(names.filter((name) => !rooms.includes(name))).toEqual(entries);
  });

  test("import only from rooms before them, and only what the other room's index names", () => {
    expect(files.flatMap((file) => findStrayImports(file))).toEqual([]);
  });

  test("hold no file whose name says nothing", () => {
    const nameless = /(?:^|\/)(?:utils?|helpers?|types?|misc|common|shared|constants?)(?:\.ts|\/)/;
    expect(files.filter((file) => nameless.test(file))).toEqual([]);
  });

  test("name what others may use one by one", () => {
    const indexes = files.filter((file) => file.endsWith("/index.ts"));
    expect(indexes.filter((file) => /export \*/.test(read(file)))).toEqual([]);
  });
});

describe("the types", () => {
  test("of src never give up: there is no any", () => {
    expect(files.flatMap((file) => findLines(file, hasAny))).toEqual([]);
  });
});

describe("the codes", () => {
  test("are each used somewhere", () => {
    const users = files.filter((file) => file !== "src/errors/code-table.ts").map(read);
    const unused = Object.keys(codeTable).filter((code) => !users.some((text) => usesCode(text, code)));
    expect(unused).toEqual([]);
  });

  test("are listed in docs/errors.md as they are in the table (npm run error-page writes it)", () => {
    expect(read("docs/errors.md")).toBe(toErrorPage(codeTable));
  });

  test("read as sentences", () => {
    const broken = Object.entries(codeTable).filter(
      ([, { what, hint }]) => !/^[A-Z].*\.$/.test(what) || !/^[A-Z].*[^ ]$/.test(hint),
    );
    expect(broken).toEqual([]);
  });
});

function findStrayImports(file: string): string[] {
  const room = file.split("/")[1] ?? "";
  if (!rooms.includes(room)) return [];
  return specifiersOf(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, ".ts"))
    .filter((target) => !isAllowed(room, target))
    .map((target) => `${file} imports ${target}`);
}

function isAllowed(room: string, target: string): boolean {
  if (target.startsWith(`src/${room}/`)) return true;
  if (room === "cli") return isPublic(target) || target === "src/errors/index.ts";
  const earlier = rooms.slice(0, rooms.indexOf(room));
  return earlier.some((name) => target === `src/${name}/index.ts`);
}

function isPublic(target: string): boolean {
  return entries.some((entry) => target === `src/${entry}`);
}

function specifiersOf(file: string): string[] {
  return ts.preProcessFile(read(file)).importedFiles.map(({ fileName }) => fileName);
}

function hasAny(node: ts.Node): boolean {
  return node.kind === ts.SyntaxKind.AnyKeyword;
}

function findLines(file: string, isFound: (node: ts.Node) => boolean): string[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isFound(node))
      found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function usesCode(text: string, code: string): boolean {
  return new RegExp(`["'\`]${code}["'\`]|\\b${code}:`).test(text);
}

function listFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".ts"))
    .sort();
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
