import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Plugin } from "esbuild";

/**
 * Joins what is loaded with these entries into few files: one for each set of them that share it, and none that is small. Left
 * alone, esbuild makes a file for each set of all that is ever imported, also on first use, and Node takes as long for a file as
 * for 20 KB of it; and esbuild loads with an entry whatever is named in an `index.ts` on its way.
 */
export function joinModules(entries: readonly string[]): Plugin {
  const groups = joinSmall(toGroups(entries.map((entry) => resolve(entry))));
  return {
    name: "join-modules",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^group:/ }, ({ path }) => ({ path, namespace: "group", sideEffects: true }));
      // Whoever reaches one file of a group so reaches them all, and esbuild puts them together.
      onLoad({ filter: /.*/, namespace: "group" }, ({ path }) => ({
        contents: [...groups]
          .filter(([, group]) => group === path)
          .map(([file]) => toImport(file))
          .join("\n"),
        resolveDir: ".",
      }));
      onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
        contents: [...toGroupsBeside(path, groups).map(toImport), importPastIndexes(path)].join(" "),
        loader: "ts",
      }));
    },
  };
}

/** The group of each file that an entry loads: what the same entries load. Files come after those that they import. */
function toGroups(entries: readonly string[]): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const entry of entries) {
    const visited = new Set<string>(entries);
    const add = (file: string): void => {
      if (visited.has(file)) return;
      visited.add(file);
      for (const imported of importsOf(file)) add(imported);
      groups.set(file, `${groups.get(file) ?? "group:"}${entries.indexOf(entry)}`);
    };
    for (const file of importsOf(entry)) add(file);
  }
  return groups;
}

/** Of source with its comments: fewer are put into another file, for Node takes longer for one of its own. */
const smallBytes = 40_000;
/** And a file of fewer takes in no others. */
const largeBytes = 25_000;

/**
 * Puts small groups into that of the fewest other entries which load them too: some bytes in vain cost less than a file. The
 * first entry, which is imported most, loads none in vain.
 */
function joinSmall(groups: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const sizes = new Map<string, number>();
  for (const [file, group] of groups) sizes.set(group, (sizes.get(group) ?? 0) + statSync(file).size);
  const sizeOf = (group: string): number => sizes.get(group) ?? 0;
  // Those of the fewest entries come first.
  const kept: string[] = [];
  const joined = new Map<string, string>();
  for (const group of [...sizes.keys()].sort((a, b) => b.length - a.length)) {
    const wider = kept.find((other) => sizeOf(other) >= largeBytes && isWider(other, group));
    if (wider === undefined || sizeOf(group) >= smallBytes) kept.unshift(group);
    else joined.set(group, wider);
  }
  return new Map([...groups].map(([file, group]) => [file, joined.get(group) ?? group]));
}

function isWider(other: string, group: string): boolean {
  return [...group].every((entry) => other.includes(entry)) && group.includes("0") === other.includes("0");
}

/** The groups that a file imports from, but for its own. */
function toGroupsBeside(file: string, groups: ReadonlyMap<string, string>): string[] {
  const beside = new Set(importsOf(file).flatMap((imported) => groups.get(imported) ?? []));
  beside.delete(groups.get(file) ?? "");
  return [...beside];
}

function toImport(path: string): string {
  return `import ${JSON.stringify(path)};`;
}

/** The files that a file imports where it is loaded, and not on first use. */
export function importsOf(file: string): string[] {
  const statements = importPastIndexes(file).matchAll(
    /\b(?:import|export) (?!type\b)(?:[^;"`]*?from )?"([./][^"]*)";/g,
  );
  return [...statements].map(([, from = ""]) => toSource(file, from));
}

/** A list of names with the file that they are from. */
const namedList = /^(import|export) \{([^}]*)\} from "(\.[^"]*)";/gm;

/** The text of a file that imports each name from where it is declared, instead of from the `index.ts` that passes it on. */
function importPastIndexes(file: string): string {
  return readFileSync(file, "utf8").replace(namedList, (_, keyword: string, list: string, from: string) => {
    const source = toSource(file, from);
    return toValues(list)
      .map((value) => ({ ...findOrigin(source, value.name), as: value.as }))
      .map(({ path, name, as }) => `${keyword} { ${name} as ${as} } from ${JSON.stringify(path)};`)
      .join(" ");
  });
}

interface Origin {
  readonly path: string;
  readonly name: string;
}

/** Where a name is declared that a file exports. */
function findOrigin(path: string, name: string): Origin {
  if (!path.endsWith("/index.ts")) return { path, name };
  for (const [, , list = "", from = ""] of readFileSync(path, "utf8").matchAll(namedList)) {
    const found = toValues(list).find(({ as }) => as === name);
    if (found !== undefined) return findOrigin(toSource(path, from), found.name);
  }
  throw new Error(`${path} does not export ${name}.`);
}

/** The names of a list that are no types. */
function toValues(list: string): { name: string; as: string }[] {
  const entries = list.split(",").map((entry) => entry.trim());
  return entries
    .filter((entry) => entry !== "" && !entry.startsWith("type "))
    .map((entry) => {
      const [name = "", as = name] = entry.split(" as ");
      return { name, as };
    });
}

function toSource(importer: string, from: string): string {
  return resolve(dirname(importer), from).replace(/\.js$/, ".ts");
}
