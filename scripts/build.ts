// Builds dist: npm run build. Modules are joined into few files, since Node takes half a millisecond for each file that it
// imports; what is imported on first use only stays apart. Types are written one file for one.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type OutputFile } from "esbuild";
import { type Doors, holdBack } from "./hold-back.js";
import { joinModules } from "./join-modules.js";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

/** What leads to formats, to the making of values, and to the rules over a request: all that is not needed to import the package. */
const doors: readonly Doors[] = [
  [
    "src/format/make/create-format.ts",
    "src/format/source/read-schema.ts",
    "src/format/source/read-standard-schema.ts",
  ],
  [
    "src/format/schema/compile-schema.ts",
    "src/format/schema/find-unfit.ts",
    "src/format/patterns/pattern-writer.ts",
    "src/format/patterns/run-within.ts",
  ],
  ["src/api/inspect-body.ts", "src/api/strict-schema/strict-schema.ts", "src/api/validate-request.ts"],
];

const { outputFiles } = await build({
  entryPoints: [
    { in: "src/index.ts", out: "index" },
    { in: "src/execute.ts", out: "execute" },
    { in: "src/plan.ts", out: "plan" },
    { in: "src/job.ts", out: "job" },
    { in: "src/serve.ts", out: "serve" },
    { in: "src/cluster.ts", out: "cluster" },
    { in: "src/testing.ts", out: "testing" },
    { in: "src/view.ts", out: "view" },
    { in: "src/cli/main.ts", out: "cli/main" },
    // Started by its file name, beside the file that starts it.
    { in: "src/check/check/range-worker.ts", out: "range-worker" },
    { in: "src/plan/tokens/token-worker.ts", out: "token-worker" },
  ],
  outdir: "dist",
  bundle: true,
  splitting: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20.19",
  logLevel: "warning",
  write: false,
  // Of the lists of what belongs together.
  logOverride: { "ignored-bare-import": "silent" },
  plugins: [
    joinModules(["src/index.ts", "src/check/check/range-worker.ts", "src/plan.ts", "src/execute.ts"]),
  ],
});
// What runs in a browser: one script and one style, with all that they need in them.
const page = await build({
  entryPoints: [{ in: "src/view/page/main.tsx", out: "page" }],
  outdir: "dist/page",
  tsconfig: "src/view/page/tsconfig.json",
  bundle: true,
  minify: true,
  platform: "browser",
  format: "esm",
  target: ["chrome120", "firefox120", "safari17"],
  legalComments: "eof",
  logLevel: "warning",
  write: false,
});
const files = [
  ...withoutEmpty(outputFiles).map(({ path, text }) => ({ path, text: toCodeForNode(text) })),
  ...page.outputFiles,
];
for (const { path, text } of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
removeOthers("dist", new Set(files.map(({ path }) => resolve(path))));

execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
for (const name of ["index", "execute", "plan", "job", "serve", "cluster", "testing", "view"]) {
  writeFileSync(`dist/${name}.d.ts`, oneNameALine(readFileSync(`dist/${name}.d.ts`, "utf8")));
}

/** What an earlier build left. It goes last, so that whoever runs from dist meanwhile finds whole files. */
function removeOthers(folder: string, kept: ReadonlySet<string>): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = resolve(folder, name);
    if (!statSync(path).isFile() || kept.has(path)) continue;
    if (!name.endsWith(".d.ts") || !existsSync(resolve("src", name.replace(/\.d\.ts$/, ".ts")))) rmSync(path);
  }
}

/** What entries share may be nothing but names that are passed on: esbuild writes a file with nothing in it, and imports it. */
function withoutEmpty(files: readonly OutputFile[]): { path: string; text: string }[] {
  const empty = files.filter(({ text }) => text.trim() === "").map(({ path }) => basename(path));
  const imports = new RegExp(`^import "[^"]*/(?:${empty.join("|")})";\\n`, "gm");
  return files
    .filter(({ path }) => !empty.includes(basename(path)))
    .map(({ path, text }) => ({ path, text: empty.length === 0 ? text : text.replace(imports, "") }));
}

function toCodeForNode(code: string): string {
  return inAscii(holdBack(askingForBuiltins(withOwnNames(code)), doors));
}

/** A class that names itself is `class _Name` as esbuild writes it, and so in every stack and in `console.log`. */
function withOwnNames(code: string): string {
  const renamed = new Set([...code.matchAll(/^var (\w+) = class _\1\b/gm)].map(([, name = ""]) => name));
  return code.replace(/\b_(\w+)\b/g, (found, name: string) => (renamed.has(name) ? name : found));
}

/**
 * Code that asks Node for its modules, instead of importing them. An import evaluates all that such a module exports, and in
 * `node:fs` that is all of Node's streams: a tenth of what the import of openbatch takes.
 */
function askingForBuiltins(code: string): string {
  return code.replace(/^import \{([^}]*)\} from ("node:[^"]*");/gm, (_, names: string, from: string) => {
    return `var {${names.replaceAll(" as ", ": ")}} = process.getBuiltinModule(${from});`;
  });
}

/**
 * Code with all that is not ASCII written as escapes; esbuild leaves it in comments. V8 decodes and reads code of ASCII alone
 * faster, and keeps it in half the memory.
 */
function inAscii(code: string): string {
  return code.replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** tsc writes all exports from one module on one line. */
function oneNameALine(types: string): string {
  return types.replace(
    /^export \{ (.+?),? \} from/gm,
    (_, names: string) => `export {\n  ${names.replaceAll(", ", ",\n  ")},\n} from`,
  );
}
