import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { OpenbatchError } from "../../errors/index.js";

/** What a browser loads: the page, and its script and style under names that change with what is in them. */
export interface PageFiles {
  readonly html: string;
  readonly script: PageFile;
  readonly style: PageFile;
}

export interface PageFile {
  readonly name: string;
  readonly text: string;
}

/** Beside what was built, or where that lies as seen from the sources. */
const places = ["./page/", "../page/", "../../../dist/page/"];

/** What the page is to know before it asks for anything. */
export interface PageSetting {
  /** Whether it shows batches to choose from, and what can be done with them. */
  readonly isService?: boolean;
  /** Whether the key is kept in the memory of the page alone, and is gone when it is loaded again. */
  readonly keepsNoKey?: boolean;
}

/** Reads the page as it was built. */
export function readPageFiles(setting: PageSetting = {}): PageFiles {
  const script = readFile("page.js");
  const style = readFile("page.css");
  return { html: toHtml(script.name, style.name, setting), script, style };
}

function readFile(name: string): PageFile {
  const found = places.map((place) => fileURLToPath(new URL(place + name, import.meta.url))).find(existsSync);
  if (found === undefined) {
    throw new OpenbatchError("unexpected_failure", `${name}, a part of the page, is not in the package.`, {
      hint: "Install openbatch again; in its sources: npm run build.",
    });
  }
  const text = readFileSync(found, "utf8");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return { name: name.replace("page", `app-${hash}`), text };
}

function toHtml(script: string, style: string, { isService, keepsNoKey }: PageSetting): string {
  const settings = `${isService ? " data-service" : ""}${keepsNoKey ? " data-keeps-no-key" : ""}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>openbatch</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="page"${settings}><p>The page needs JavaScript.</p></div>
<script type="module" src="${script}"></script>
</body>
</html>
`;
}
