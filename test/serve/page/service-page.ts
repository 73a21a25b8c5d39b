import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { inspect } from "../../view/page/browser.js";

export interface SavedFile {
  readonly name: string;
  readonly path: string;
}

export async function choose(page: Page, path: string): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(path);
}

/** Makes a batch of a file, and stays at it. */
export async function makeBatch(page: Page, path: string): Promise<void> {
  await choose(page, path);
  await page.getByRole("button", { name: "Create the batch" }).click();
  await page.getByRole("region", { name: "Batch", exact: true }).waitFor();
}

/** The state of the batch that is shown. */
export function stateOf(page: Page): Promise<string | null> {
  return page.getByRole("region", { name: "Batch", exact: true }).getByRole("status").textContent();
}

/** Saves what a button gives in a folder. */
export async function save(page: Page, button: string, folder: string): Promise<SavedFile> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  const name = download.suggestedFilename();
  const path = join(folder, `saved-${name}`);
  await download.saveAs(path);
  return { name, path };
}

/** Holds a page to what everybody can read. */
export async function inspectAll(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 1280, height: 860 });
    expect(await inspect(page, `${name}-${colorScheme}`)).toEqual([]);
    await page.setViewportSize({ width: 640, height: 430 });
    expect(await inspect(page, `${name}-${colorScheme}-200`)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 860 });
}
