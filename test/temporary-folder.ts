import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { toLines } from "./lines.js";

/** A folder of its own for the tests of one file, removed after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "openbatch-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files into a folder, under names that count up. */
export function fileWriter(
  folder = temporaryFolder(),
): (content: readonly string[] | string | Buffer, ending?: string) => string {
  let count = 0;
  return (content, ending = ".jsonl") => {
    count += 1;
    const path = join(folder, `file-${count}${ending}`);
    writeFileSync(path, toContent(content));
    return path;
  };
}

/** Writes files into a new folder below another, a line each for an array; gives the folder. */
export function writeFolder(
  below: string,
  files: Readonly<Record<string, string | readonly string[]>>,
): string {
  const folder = mkdtempSync(join(below, "batch-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), toContent(content));
  return folder;
}

function toContent(content: readonly string[] | string | Buffer): string | Buffer {
  return typeof content === "string" || Buffer.isBuffer(content) ? content : toLines(content);
}
