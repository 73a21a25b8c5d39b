import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Block, parseBlocks, parseCommands } from "../docs/block.js";
import { findDifference } from "../docs/compare-output.js";
import { readFile } from "../docs/pages.js";

const root = path.join(import.meta.dirname, "../..");
const above = mkdtempSync(path.join(tmpdir(), "openbatch-first-"));
const folder = path.join(above, "project");
const readme = parseBlocks("README.md", readFile("README.md"));

const setup = find(({ code }) => code.startsWith("npm init -y\n"));
const example = find(({ note }) => note === "file: examples/batch-api.ts");
const shown = find(({ code }) => code.startsWith("$ npx tsx examples/batch-api.ts\n"));

const { devDependencies } = JSON.parse(readFile("package.json")) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};
/**
 * The versions that the project itself uses: what is published tomorrow is no fault of this test. But of TypeScript the newer
 * one, which a user gets today, and which takes a quarter of the time; installed.package.test.ts has the other.
 */
const versions: Readonly<Record<string, string>> = { ...devDependencies, typescript: "7.0.2" };

beforeAll(() => {
  mkdirSync(folder);
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", above], { cwd: root, encoding: "utf8" }),
  );
  const commands = setup.code
    .replace(/\S+\/openbatch-[\d.]+\.tgz/, path.join(above, filename))
    .replace(/(?<= )[@\w/]+(?=\s)/g, (name) =>
      versions[name] === undefined ? name : `${name}@${versions[name]}`,
    );
  run("bash", ["-e", "-c", commands], { npm_config_prefer_offline: "true", npm_config_audit: "false" });
});
afterAll(() => rmSync(above, { recursive: true, force: true }));

describe("a first project, made in an empty folder as the README says", () => {
  test("runs the README's example, which needs no file of the clone and overwrites none", () => {
    write("batch-api.ts", example.code);
    const [ran, ...others] = parseCommands(shown);
    const printed = run("npx", ["--no-install", "tsx", "batch-api.ts"]);
    expect(findDifference(ran?.output ?? [], printed.trimEnd().split("\n"))).toBeUndefined();
    for (const { command, output } of others) {
      const lines = run("bash", ["-c", command]).trimEnd().split("\n");
      expect(findDifference(output, lines)).toBeUndefined();
    }
  });

  test("type-checks it with the settings of docs/README.md", () => {
    write("batch-api.ts", example.code);
    const page = parseBlocks("docs/README.md", readFile("docs/README.md"));
    write("tsconfig.json", page.find(({ code }) => code.includes('"compilerOptions"'))?.code ?? "");
    expect(run("npx", ["--no-install", "tsc", "--noEmit"])).toBe("");
  });

  test("makes another by openbatch init --ts, which runs and type-checks", () => {
    run("npx", ["--no-install", "openbatch", "init", "own", "--ts"]);
    const own = path.join(folder, "own");
    const made = JSON.parse(readFileSync(path.join(own, "package.json"), "utf8"));
    // The tarball that this project was made with, and what it has installed already.
    expect(existsSync(made.dependencies.openbatch.slice("file:".length))).toBe(true);
    for (const names of [made.dependencies, made.devDependencies])
      for (const name of Object.keys(names))
        expect(existsSync(path.join(folder, "node_modules", name))).toBe(true);
    const printed = run("npm", ["start", "--silent"], {}, own);
    expect(printed).toContain("3 succeeded, 0 failed");
    expect(printed).toMatch(/\nreview-1 (?:positive|mixed|negative) \d+\n/);
    expect(run("npm", ["run", "check", "--silent"], {}, own)).toBe("");
  });

  test("has the command", () => {
    expect(run("npx", ["--no-install", "openbatch", "--version"])).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

function find(isIt: (block: Block) => boolean): Block {
  const block = readme.find(isIt);
  if (block === undefined) throw new Error("The README no longer has such a block.");
  return block;
}

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
}

function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = folder,
): string {
  return execFileSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, npm_config_loglevel: "error", ...env },
  });
}
