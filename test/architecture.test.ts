import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { toErrorPage } from "../scripts/error-page.js";
import { codeTable } from "../src/errors/index.js";

/**
 * The rooms in the order of the way data takes, each with its parts from the ground up: a room imports only from those before
 * it, a part only from parts before it. The files that lie in the room's own folder come last, or where "." stands.
 */
const house: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  files: [],
  jsonl: [],
  api: ["rule", "request", "strict-schema", "parameters", "request-rules"],
  "batch-file": [],
  format: ["chance", "patterns", "schema", ".", "source", "strict", "make", "validator"],
  outcome: ["answer"],
  http: [".", "server"],
  providers: ["profiles", "seam", "openai"],
  collect: ["file", "collector", "template", "row-template"],
  rows: ["table", "workbook", "reading", "writing"],
  check: ["report", "lines", "check", "mend"],
  results: ["answer", "reader", "exchange", "tables", "summary", "compare", "images", "retry"],
  rehearse: ["answers", "faults"],
  plan: ["tokens", "price", "parts", "."],
  execute: ["meter", "upstream", "results-file", "record", "run"],
  job: ["record", "parts", "report", "life", "repair"],
  view: ["wire", "rows", "source", "routes", "report"],
  serve: ["store", "protocol", "watch", "life", "routes", "page"],
  cluster: ["database", "storage", "store", "page", "work"],
  testing: [],
  cli: [
    ...["frame", "init", "build", "validate", "plan", "run", "job", "results", "ask", "view", "serve"],
    ...["cluster", "doctor"],
  ],
};
const rooms = Object.keys(house);
/** What each command of the command line exports. */
const twins = ["define", "run"];
/** What the package exports; the command line sees these alone. */
const entries = [
  "cluster.ts",
  "execute.ts",
  "index.ts",
  "job.ts",
  "plan.ts",
  "serve.ts",
  "testing.ts",
  "view.ts",
];
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

  test("have parts that import only from parts before them", () => {
    expect(files.flatMap((file) => findBackwardImports(file))).toEqual([]);
  });

  test("have no folder with more than 25 files, but the tables of parameters", () => {
    const folders = groupBy(files, (file) => path.posix.dirname(file));
    const crowded = [...folders].filter(
      ([folder, { length }]) => length > 25 && folder !== "src/api/parameters",
    );
    expect(crowded.map(([folder]) => folder)).toEqual([]);
  });

  test("export each name from one file only", () => {
    const owners = groupBy(files.flatMap(ownExportsOf), ({ name }) => name);
    const doubled = [...owners].filter(([, at]) => new Set(at.map(({ file }) => file)).size > 1);
    expect(doubled.map(([name]) => name).filter((name) => !twins.includes(name))).toEqual([]);
  });

  test("judge the status of an answer in outcome/ alone", () => {
    const judges = files.filter((file) => /\bstatus_code\s*[!=<>]==?/.test(read(file)));
    expect(judges.filter((file) => !file.startsWith("src/outcome/"))).toEqual([]);
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

describe("the options", () => {
  test("may be undefined where they may be left out, so that what there may not be is passed on as it is", () => {
    expect(findUndefinedRefused()).toEqual([]);
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

function findBackwardImports(file: string): string[] {
  const [, room = "", ...inside] = file.split("/");
  const order = house[room] ?? [];
  return specifiersOf(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, ".ts"))
    .filter((target) => target.startsWith(`src/${room}/`))
    .filter((target) => levelOf(order, target.split("/").slice(2)) > levelOf(order, inside))
    .map((target) => `${file} imports ${target}`);
}

/** How far up in its room a file lies: its part's place in the order. What the order does not name, as the index, stands on top. */
function levelOf(order: readonly string[], [part = "", ...rest]: readonly string[]): number {
  const level = order.indexOf(rest.length > 0 ? part : part === "index.ts" ? "" : ".");
  return level === -1 ? order.length : level;
}

function ownExportsOf(file: string): { name: string; file: string }[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  return source.statements.filter(isExported).flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => ({ name: name.getText(), file }));
    const { name } = statement as ts.DeclarationStatement;
    return name === undefined ? [] : [{ name: name.text, file }];
  });
}

function groupBy<Item>(items: readonly Item[], toKey: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(toKey(item), [...(groups.get(toKey(item)) ?? []), item]);
  return groups;
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
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

/** The options of what the package exports, and of what these name, that may be left out and take no `undefined`. */
function findUndefinedRefused(): string[] {
  const declared = new Map(files.filter((file) => !/^src\/(?:cli|view\/page)\//.test(file)).flatMap(typesOf));
  const names = new Set(["ReadyMadeRequest", "ViewedFiles"]);
  for (const entry of entries)
    for (const name of read(`src/${entry}`).match(/\b\w+(?:Options|Parameters)\b/g) ?? []) names.add(name);
  const refused: string[] = [];
  for (const name of names) {
    const visit = (node: ts.Node): void => {
      // What is called with an object of ours gets no options.
      if (ts.isFunctionTypeNode(node) || ts.isMethodSignature(node) || ts.isConditionalTypeNode(node)) return;
      if (ts.isTypeReferenceNode(node)) names.add(node.typeName.getText());
      if (ts.isExpressionWithTypeArguments(node)) names.add(node.expression.getText());
      const isLeftOut = ts.isPropertySignature(node) && node.questionToken !== undefined;
      if (isLeftOut && !/\b(?:undefined|never)$/.test(node.type?.getText() ?? ""))
        refused.push(`${name}.${node.name.getText()}`);
      ts.forEachChild(node, visit);
    };
    const type = declared.get(name);
    if (type !== undefined) visit(type);
  }
  return refused;
}

function typesOf(file: string): (readonly [string, ts.Node])[] {
  const { statements } = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  return statements
    .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    .map((statement) => [statement.name.text, statement] as const);
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
