import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { quoteArgument, toPlainText } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { toJsonText } from "../frame/quoting.js";
import { writeNewFiles } from "./new-files.js";
import { projectExample, projectSettings } from "./project-files.js";

/** Writes a TypeScript project that runs: a rehearsal, which needs no server and no key. */
export async function initProject(
  folder: string,
  { json }: { readonly json?: true },
  io: CommandIo,
): Promise<void> {
  const files = {
    [join(folder, "package.json")]: toPackageText(folder),
    [join(folder, "tsconfig.json")]: projectSettings,
    [join(folder, "batch.ts")]: projectExample,
  };
  await writeNewFiles(folder, files);
  const names = Object.keys(files);
  const next = [
    ...(resolve(folder) === process.cwd() ? [] : [`cd ${quoteArgument(folder)}`]),
    "npm install",
    "npm start",
  ];
  if (json) return io.writeOut(`${toJsonText({ files: names, next }, 2)}\n`);
  const [last = "", ...others] = [...names].reverse();
  io.writeOut(`Wrote ${toPlainText(`${others.reverse().join(", ")} and ${last}`)}.\nNext:\n`);
  for (const line of next) io.writeOut(`  ${line}\n`);
}

interface OwnPackage {
  readonly name: string;
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function toPackageText(folder: string): string {
  // What is built is one file, and the source another: the package is the first folder above with its name.
  const root = findRoot(dirname(fileURLToPath(import.meta.url)));
  const own = readPackage(root) as OwnPackage;
  const newest = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, `^${own.devDependencies[name]}`]));
  const text = {
    name: toPackageName(folder),
    private: true,
    type: "module",
    scripts: { start: "tsx batch.ts", check: "tsc" },
    dependencies: { ...newest(["openai"]), openbatch: toOwnRange(root, own.version), ...newest(["zod"]) },
    devDependencies: newest(["@types/node", "tsx", "typescript"]),
  };
  return `${JSON.stringify(text, undefined, 2)}\n`;
}

function findRoot(folder: string): string {
  const above = dirname(folder);
  return above === folder || readPackage(folder)?.name === "openbatch" ? folder : findRoot(above);
}

function readPackage(
  folder: string,
): { readonly name?: string; readonly dependencies?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** Where this package is from: a clone, the tarball that a project has installed, or else the registry. */
function toOwnRange(root: string, version: string): string {
  if (basename(dirname(root)) !== "node_modules") return `file:${root}`;
  const host = dirname(dirname(root));
  const { openbatch } = (readPackage(host)?.dependencies ?? {}) as { readonly openbatch?: string };
  if (openbatch?.startsWith("file:")) return `file:${resolve(host, openbatch.slice("file:".length))}`;
  return `^${version}`;
}

/** As npm allows it. */
function toPackageName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" || name === "openbatch" ? "batch" : name;
}
