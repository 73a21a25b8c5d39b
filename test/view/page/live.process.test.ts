import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCli } from "../../cli/start-cli.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { prepareRun } from "../live-run.js";
import { hasBrowser, inspect, launch, openPage, shownIds } from "./browser.js";

const folder = temporaryFolder();
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await launch();
});

afterAll(async () => {
  if (hasBrowser) await browser.close();
});

describe.skipIf(!hasBrowser)("the page of a run", () => {
  test("follows it to its end without being loaded anew, also the request that is open", async () => {
    const live = await prepareRun(folder, "watched", 60);
    const run = live.start();
    live.answer(10);
    const { said, says } = startCli(["view", live.file], { cwd: folder });
    await says("Ctrl-C");
    const { page, complaints } = await openPage(browser, /http:\S+/.exec(said.out)?.[0] ?? "");
    const countOf = (outcome: string) => page.locator(`.tile.${outcome} b`).textContent();
    const state = page.getByRole("region", { name: "Run" }).getByRole("status");
    await expect
      .poll(() => state.textContent(), { timeout: 20_000 })
      .toBe("Run under way: 10 requests settled");
    await expect.poll(() => countOf("usable"), { timeout: 20_000 }).toBe("9");
    await page.getByText("too_odd").first().waitFor();
    await page.locator(".rows .id", { hasText: /^request-21$/ }).click();
    const detail = page.getByRole("region", { name: "Request and answer" });
    await detail.getByRole("heading", { name: "request-21" }).waitFor();
    expect(await detail.getByText("pending").count()).toBeGreaterThan(0);
    live.answer(30);
    // Moments are noted every five seconds: then there is something to plot.
    await expect.poll(() => countOf("usable"), { timeout: 20_000 }).toBe("36");
    await detail.locator("dt", { hasText: "mood" }).waitFor();
    await page.getByRole("img", { name: /^results a second/ }).waitFor({ timeout: 20_000 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await inspect(page, `live-${colorScheme}`)).toEqual([]);
    }
    await page.getByRole("button", { name: "Close" }).click();
    await page.locator(".tile.failed").click();
    await expect.poll(() => shownIds(page)).toHaveLength(4);
    live.answer(20);
    await run.ended();
    await expect.poll(() => shownIds(page), { timeout: 20_000 }).toHaveLength(6);
    await expect
      .poll(() => state.textContent(), { timeout: 20_000 })
      .toContain("has ended, completed: 60 requests");
    await page.locator(".tile.pending").waitFor({ state: "detached" });
    expect(await inspect(page, "live-ended")).toEqual([]);
    expect(complaints).toEqual([]);
  }, 120_000);
});
