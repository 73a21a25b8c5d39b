import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { SetupItem } from "./report/setup-report.js";

const require = createRequire(import.meta.url);

/** What runs here, and what of the packages beside it. */
export function findVersions(): readonly SetupItem[] {
  return [
    toGood("openbatch", findVersion("openbatch") ?? "unknown"),
    toGood("Node", process.versions.node),
    toSdkItem(findVersion("openai")),
    toTokenizerItem(findVersion("gpt-tokenizer")),
  ];
}

function toGood(name: SetupItem["name"], text: string): SetupItem {
  return { name, state: "good", text };
}

/** Source: the range of our own package.json, which the tests compare with this. */
function toSdkItem(version: string | undefined): SetupItem {
  const hint = 'Install it: npm install "openai@^6.49.0 || ^7.0.0".';
  if (version === undefined) return { name: "openai", state: "missing", text: "not installed", hint };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major === 7 || (major === 6 && minor >= 49)) return toGood("openai", version);
  return { name: "openai", state: "doubtful", text: `${version}, which openbatch is not tested with`, hint };
}

function toTokenizerItem(version: string | undefined): SetupItem {
  if (version !== undefined) return toGood("tokenizer", `gpt-tokenizer ${version}`);
  const hint = "To count them: npm install gpt-tokenizer.";
  return { name: "tokenizer", state: "doubtful", text: "none: tokens are estimated", hint };
}

/** By the file that a package has of itself; not every one exports it. */
function findVersion(name: string): string | undefined {
  try {
    for (
      let folder = dirname(resolveAny([`${name}/package.json`, name]));
      folder !== dirname(folder);
      folder = dirname(folder)
    ) {
      const found = readPackage(folder);
      if (found?.name === name) return found.version;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function resolveAny([first = "", ...others]: readonly string[]): string {
  try {
    return require.resolve(first);
  } catch (error) {
    if (others.length === 0) throw error;
    return resolveAny(others);
  }
}

function readPackage(folder: string): { readonly name?: string; readonly version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return undefined;
  }
}
