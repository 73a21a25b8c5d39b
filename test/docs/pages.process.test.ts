import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { blocks, pages, readFile } from "./pages.js";
import { runPage } from "./run-page.js";
import { createUserFolder, root } from "./user-folder.js";

describe.concurrent("commands that are shown", () => {
  test.each(pages)("print on %s what is shown below them", async (page) => {
    const own = blocks.filter((block) => block.page === page);
    expect(await runPage(createUserFolder(), own)).toEqual([]);
  });
});

describe("links between pages", () => {
  test.each(pages)("of %s lead somewhere", (page) => {
    const links = [...readFile(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
    const lost = links.filter(([, target = "", anchor]) => !leadsSomewhere(page, target, anchor));
    expect(lost.map(([link]) => link)).toEqual([]);
  });
});

function leadsSomewhere(page: string, target: string, anchor: string | undefined): boolean {
  const file = target === "" ? page : path.posix.join(path.posix.dirname(page), target);
  if (!existsSync(path.join(root, file))) return false;
  return anchor === undefined || anchorsOf(readFile(file)).includes(anchor);
}

/** The anchors that a forge gives the headings of a page. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading.toLowerCase().trim());
  return headings.map((heading) => heading.replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-"));
}
