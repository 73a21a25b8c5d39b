import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseBlocks } from "./block.js";
import { root } from "./user-folder.js";

/** The pages that are written for people, by their paths in the project. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "ARCHITECTURE.md",
  ...listFiles("docs", ".md"),
].filter((page) => existsSync(path.join(root, page)));

/** The blocks of all pages. */
export const blocks = pages.flatMap((page) => parseBlocks(page, readFile(page)));

/** A file of the project. */
export function readFile(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

export function listFiles(folder: string, extension: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(extension))
    .map((file) => `${folder}/${file}`)
    .sort();
}
