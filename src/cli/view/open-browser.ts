import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A browser has read it long before. */
const keptMs = 60_000;

/**
 * Opens a link in the browser of this user. Whoever else is on this machine can see what a program is started with, so the link,
 * which holds a key, is handed over in a file that they cannot read. Where there is no browser, nothing happens.
 *
 * @returns removes the file.
 */
export function openBrowser(link: string): () => void {
  const folder = mkdtempSync(join(tmpdir(), "openbatch-view-"));
  const file = join(folder, "open.html");
  writeFileSync(file, toHtml(link), { mode: 0o600 });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  setTimeout(remove, keptMs).unref();
  const [program, ...args] = toCommand(file);
  const browser = spawn(program, args, { detached: true, stdio: "ignore" });
  browser.on("error", remove);
  browser.unref();
  return remove;
}

function toHtml(link: string): string {
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${link}"><title>openbatch</title>\n`;
}

function toCommand(file: string): readonly [string, ...string[]] {
  switch (process.platform) {
    case "darwin":
      return ["open", file];
    case "win32":
      return ["explorer.exe", file];
    default:
      return ["xdg-open", file];
  }
}
