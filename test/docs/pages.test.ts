import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseBlocks, parseExamples } from "./block.js";
import { checkTypes } from "./check-types.js";
import { runPage } from "./run-page.js";
import { createUserFolder, root } from "./user-folder.js";

const pages = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...listFiles("docs", ".md")].filter(
  (page) => existsSync(path.join(root, page)),
);
const blocks = pages.flatMap((page) => parseBlocks(page, read(page)));
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("TypeScript that is shown", () => {
  test("compiles: on the pages, and in the doc comments of what is exported", () => {
    const shown = blocks.filter(({ language, note }) => language === "ts" && !note.startsWith("not checked"));
    const examples = listFiles("src", ".ts")
      .flatMap((file) => parseExamples(file, read(file)))
      .filter(({ language, code }) => language === "ts" && / from "openbatch[/"]/.test(code));
    expect(checkTypes(createFolder(), [...shown, ...examples])).toEqual([]);
  });
});

describe.concurrent("commands that are shown", () => {
  test.each(pages)("print on %s what is shown below them", async (page) => {
    const own = blocks.filter((block) => block.page === page);
    expect(await runPage(createFolder(), own)).toEqual([]);
  });
});

describe("links between pages", () => {
  test.each(pages)("of %s lead somewhere", (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
    const lost = links.filter(([, target = "", anchor]) => !leadsSomewhere(page, target, anchor));
    expect(lost.map(([link]) => link)).toEqual([]);
  });
});

function leadsSomewhere(page: string, target: string, anchor: string | undefined): boolean {
  const file = target === "" ? page : path.posix.join(path.posix.dirname(page), target);
  if (!existsSync(path.join(root, file))) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
}

/** The anchors that a forge gives the headings of a page. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading.toLowerCase().trim());
  return headings.map((heading) => heading.replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-"));
}

function createFolder(): string {
  const folder = createUserFolder();
  folders.push(folder);
  return folder;
}

function listFiles(folder: string, extension: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(extension))
    .map((file) => `${folder}/${file}`)
    .sort();
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
