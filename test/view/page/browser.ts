import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

/** Debian's. Another one may be named. */
export const browserPath = process.env.OPENBATCH_BROWSER ?? "/usr/bin/chromium";
export const hasBrowser = existsSync(browserPath);
const shots = fileURLToPath(new URL("../../../coverage/page/", import.meta.url));

if (!hasBrowser) {
  console.warn(`The page is not tested: there is no browser at ${browserPath} (apt-get install chromium).`);
}

export function launch(): Promise<Browser> {
  // Tests may run as root, for whom Chromium has no sandbox.
  return chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
}

export interface WatchedPage {
  readonly page: Page;
  /** What no page may do: errors in its console, and requests to another place. */
  readonly complaints: string[];
}

/** Opens a page, and notes what it must not do. */
export async function openPage(browser: Browser, link: string): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 860 } });
  onTestFinished(() => page.close());
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complaints.push(`${message.text()} ${message.location().url}`.trimEnd());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.href !== link && url.origin !== new URL(link).origin && url.protocol !== "data:")
      complaints.push(request.url());
  });
  await page.goto(link);
  return { page, complaints };
}

/** Waits until everything is read. */
export async function whenRead(page: Page): Promise<void> {
  await page.locator(".tiles").waitFor();
  await page.locator("progress").waitFor({ state: "detached" });
}

/** Keeps a picture for people, and gives what is wrong for who does not see the page or uses no mouse. */
export async function inspect(page: Page, name: string): Promise<readonly string[]> {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    // It was loaded just now.
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

/** The ids of the rows that are drawn. */
export function shownIds(page: Page): Promise<string[]> {
  return page.locator(".rows .id").allTextContents();
}
