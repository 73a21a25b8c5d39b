import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { joinModules } from "../../scripts/join-modules.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();

const sources = {
  "src/first.ts":
    'export { own, used } from "./room/index.js";\nexport const both = () => import("./later.js");',
  "src/second.ts": 'import { shared } from "./room/index.js";\nexport const second = shared + 1;',
  "src/later.ts": 'import { used } from "./room/index.js";\nexport const later = used;',
  "src/room/index.ts":
    'export { shared } from "./shared.js";\nexport {\n  type Kind,\n  used,\n} from "./used.js";\nexport { own } from "./own.js";',
  "src/room/shared.ts": 'export const shared = ["told by both"].length;',
  "src/room/used.ts":
    'import { shared } from "./shared.js";\nexport type Kind = "kind";\nexport const used = ["told by the first", shared];',
  "src/room/own.ts": 'export const own = ["not told later"];',
};

/** What a build of these files with these entries writes, and who holds what. */
async function buildFiles(root: string, files: Readonly<Record<string, string>>, entries: readonly string[]) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const entryPoints = entries.map((name) => path.join(root, name));
  const { outputFiles } = await build({
    entryPoints,
    plugins: [joinModules(entryPoints)],
    ...{ bundle: true, splitting: true, format: "esm", write: false, logLevel: "silent" },
    outdir: path.join(root, "dist"),
  });
  const texts = new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
  const namesWhere = (isMeant: (text: string) => boolean) =>
    [...texts].filter(([, text]) => isMeant(text)).map(([name]) => name);
  return {
    holders: (told: string) => namesWhere((text) => text.includes(told)),
    importersOf: (name: string) => namesWhere((text) => text.includes(`"./${name}"`)),
  };
}

test("an entry loads what it uses of an index, in a file for each set of entries that share it", async () => {
  const entries = ["src/first.ts", "src/second.ts"];
  const { holders, importersOf } = await buildFiles(path.join(folder, "sets"), sources, entries);

  const [forBoth = ""] = holders("told by both");
  const [forFirst = ""] = holders("told by the first");
  expect(holders("told by both")).toEqual([forBoth]);
  expect(holders("told by the first")).toEqual([forFirst]);
  // What is also loaded on first use does not part the rest.
  expect(holders("not told later")).toEqual([forFirst]);
  expect(forFirst).not.toBe(forBoth);
  expect(importersOf(forBoth)).toEqual(expect.arrayContaining(["first.js", "second.js", forFirst]));
  expect(importersOf(forFirst)).not.toContain("second.js");
});

test("what would be a small file is in that of more entries, if there is one", async () => {
  const uses = (...names: string[]) => names.map((name) => `export * from "./${name}.js";`).join("\n");
  const files = {
    "src/first.ts": uses("shared", "small", "own"),
    "src/second.ts": uses("shared", "small"),
    "src/third.ts": uses("shared"),
    "src/shared.ts": `// ${"long ".repeat(9_000)}\nexport const shared = ["told by all"];`,
    "src/small.ts": 'export const small = ["told by two"];',
    "src/own.ts": `// ${"long ".repeat(9_000)}\nexport const own = ["told by one"];`,
  };
  const entries = ["src/first.ts", "src/second.ts", "src/third.ts"];
  const { holders } = await buildFiles(path.join(folder, "small"), files, entries);

  expect(holders("told by two")).toEqual(holders("told by all"));
  expect(holders("told by one")).not.toEqual(holders("told by all"));
});

test("the first entry loads nothing that is small and for others", async () => {
  const uses = (...names: string[]) => names.map((name) => `export * from "./${name}.js";`).join("\n");
  const files = {
    "src/first.ts": uses("shared"),
    "src/second.ts": uses("shared", "small"),
    "src/third.ts": uses("shared", "small"),
    "src/shared.ts": `// ${"long ".repeat(9_000)}\nexport const shared = ["told by all"];`,
    "src/small.ts": 'export const small = ["told by two"];',
  };
  const entries = ["src/first.ts", "src/second.ts", "src/third.ts"];
  const { holders } = await buildFiles(path.join(folder, "first"), files, entries);

  expect(holders("told by two")).not.toEqual(holders("told by all"));
});
