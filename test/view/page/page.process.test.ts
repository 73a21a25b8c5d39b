import { once } from "node:events";
import { createWriteStream, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spawnCli, startCli } from "../../cli/start-cli.js";
import { chatAnswerLine, chatLine, failureLine, toLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { hostileText, moodRequests, moodResults } from "../viewed.js";
import { hasBrowser, inspect, launch, openPage, shownIds, whenRead } from "./browser.js";

const folder = temporaryFolder();
const many = 200_000;
let browser: Browser;

/** Writes a file of very many lines. */
async function writeMany(name: string, toLine: (index: number) => string): Promise<void> {
  const file = createWriteStream(join(folder, name));
  for (let index = 0; index < many; index += 1)
    if (!file.write(`${toLine(index)}\n`)) await once(file, "drain");
  file.end();
  await once(file, "close");
}

beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await launch();
  writeFileSync(join(folder, "moods.jsonl"), toLines(moodRequests));
  writeFileSync(join(folder, "moods.results.jsonl"), toLines(moodResults));
  writeFileSync(join(folder, "others.jsonl"), toLines([chatAnswerLine("a", '{"mood":"bad","stars":2}')]));
  writeFileSync(
    join(folder, "rows.csv"),
    `id,guest\n${"abcdefgh"
      .split("")
      .map((id) => `${id},Guest ${id}`)
      .join("\n")}\n`,
  );
});

afterAll(async () => {
  if (hasBrowser) await browser.close();
});

async function view(...args: readonly string[]) {
  const { child, said, says } = startCli(["view", ...args], { cwd: folder });
  await says("Ctrl-C");
  const link = /http:\S+/.exec(said.out)?.[0] ?? "";
  return { child, ...(await openPage(browser, link)) };
}

test("the page is small", () => {
  const built = ["page.js", "page.css"].map((name) => new URL(`../../../dist/page/${name}`, import.meta.url));
  const bytes = built.reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0);
  expect(statSync(built[0] ?? "").size).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(60_000);
});

describe.skipIf(!hasBrowser)("the page", () => {
  test("shows counts as openbatch results has them, and filters by each", async () => {
    const { page, complaints } = await view("moods.jsonl");
    await whenRead(page);
    const told = JSON.parse((await spawnCli(["results", "moods.jsonl", "--json"], { cwd: folder })).out);
    const countOf = async (outcome: string) => Number(await page.locator(`.tile.${outcome} b`).textContent());
    expect(await countOf("all")).toBe(told.counts.total);
    expect(await countOf("usable")).toBe(told.usable);
    expect(await countOf("problem")).toBe(told.problems);
    for (const status of ["failed", "expired", "missing"])
      expect(await countOf(status)).toBe(told.counts[status]);
    await page.locator(".tile.problem").click();
    await expect.poll(() => shownIds(page)).toEqual(["c", "d"]);
    await page.getByRole("button", { name: /^schema_mismatch/ }).click();
    await expect.poll(() => shownIds(page)).toEqual(["d"]);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("button", { name: /^good/ }).click();
    await expect.poll(() => shownIds(page)).toEqual(["a", "g"]);
    await page.getByLabel("Search requests and answers").fill("again");
    await expect.poll(() => shownIds(page)).toEqual(["g"]);
    await page.goBack();
    await expect.poll(() => page.url()).not.toContain("q=again");
    expect(complaints).toEqual([]);
  });

  test("shows a request beside its answer, marks what the schema complains of, and is there again when it is loaded anew", async () => {
    const { page, complaints } = await view("moods.jsonl", "--join", "rows.csv");
    await whenRead(page);
    await page.locator(".rows .id", { hasText: "d" }).click();
    const detail = page.getByRole("region", { name: "Request and answer" });
    await detail.getByText("It was “ZEPPELIN” night.").waitFor();
    expect(await detail.locator(".has-issue dt").allTextContents()).toEqual(["mood", "stars"]);
    expect(await detail.getByText("Guest d").count()).toBe(1);
    await detail.getByText("Result as it stands in its file").click();
    await detail.getByText('"custom_id":"d"').waitFor();
    await page.reload();
    await detail.getByText("It was “ZEPPELIN” night.").waitFor();
    expect(page.url()).not.toContain("token");
    await detail.getByRole("button", { name: "Next" }).click();
    await detail.getByRole("heading", { name: "e", exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("tells causes of one name apart by what the service says", async () => {
    const failed = (id: string, message: string) =>
      failureLine(id, 400, { code: "invalid_request_error", message });
    writeFileSync(join(folder, "namesakes.jsonl"), toLines(["a", "b", "c"].map((id) => chatLine(id))));
    const lines = [failed("a", "No such model."), failed("b", "Too long."), failureLine("c", 429)];
    writeFileSync(join(folder, "namesakes.results.jsonl"), toLines(lines));
    const { page } = await view("namesakes.jsonl");
    await whenRead(page);
    expect(await page.locator(".counts small").allTextContents()).toEqual(["No such model.", "Too long."]);
  });

  test("is used by keys alone", async () => {
    const { page } = await view("moods.jsonl");
    await whenRead(page);
    await page.locator(".rows .id").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("lovely");
    await expect.poll(() => shownIds(page)).toEqual(["a", "g"]);
    await page.keyboard.press("Tab");
    while ((await page.evaluate("document.activeElement?.id")) !== "rows") await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const title = page.locator(".detail h2");
    await expect.poll(() => title.textContent()).toBe("g");
    await page.keyboard.press("k");
    await expect.poll(() => title.textContent()).toBe("a");
    await page.keyboard.press("Escape");
    await title.waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement?.id")).toBe("rows");
  });

  test("takes hostile answers for nothing but text", async () => {
    const { page, complaints } = await view("moods.jsonl");
    await whenRead(page);
    await page.locator(".rows .id", { hasText: "c" }).click();
    await expect.poll(() => page.locator(".detail .text").allTextContents()).toContain(hostileText);
    expect(await page.locator(".detail img, .detail a, .detail script").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("shows two results files side by side, where they differ", async () => {
    const { page } = await view("moods.jsonl", "moods.results.jsonl", "--compare", "others.jsonl");
    await whenRead(page);
    await page.locator(".tile.differ").click();
    await expect.poll(() => shownIds(page)).toContain("a");
    await page.locator(".rows .id").first().click();
    await page.locator(".detail article").nth(2).waitFor();
    expect(await page.locator(".detail article h3").allTextContents()).toEqual([
      ...["Request", "moods.results.jsonl", "others.jsonl"],
    ]);
    expect(await inspect(page, "compared")).toEqual([]);
  });

  test("can be read by everybody: in light, in dark, at 200 %, with and without an open request", async () => {
    const { page } = await view("moods.jsonl");
    await whenRead(page);
    await page.locator(".rows .id").first().waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      for (const zoom of [100, 200]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(zoom === 100 ? { width: 1400, height: 860 } : { width: 700, height: 430 });
        expect(await inspect(page, `list-${colorScheme}-${zoom}`)).toEqual([]);
        await page.evaluate(`location.hash = "#open=d"; dispatchEvent(new PopStateEvent("popstate"));`);
        await page.locator(".detail .has-issue").first().waitFor();
        expect(await inspect(page, `detail-${colorScheme}-${zoom}`)).toEqual([]);
        await page.getByRole("button", { name: "Close" }).click();
      }
    }
  });

  test("is written as one file, with some rows of every cause, that needs no server and asks for nothing", async () => {
    const report = await spawnCli(["results", "moods.jsonl", "--to", "report.html"], { cwd: folder });
    expect(report.out).toContain("Wrote a page with 8 requests to report.html.");
    const { page, complaints } = await openPage(browser, `file://${join(folder, "report.html")}`);
    await whenRead(page);
    await expect.poll(() => shownIds(page)).toEqual("abcdefgh".split(""));
    await page.getByRole("button", { name: /^good/ }).click();
    await expect.poll(() => shownIds(page)).toEqual(["a", "g"]);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("button", { name: /^schema_mismatch/ }).click();
    await expect.poll(() => shownIds(page)).toEqual(["d"]);
    await page.locator(".rows .id").first().click();
    await page.locator(".detail .has-issue").first().waitFor();
    expect(await inspect(page, "report")).toEqual([]);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.locator(".rows .id", { hasText: "c" }).click();
    await expect.poll(() => page.locator(".detail .text").allTextContents()).toContain(hostileText);
    expect(complaints).toEqual([]);
    const again = await spawnCli(["results", "moods.jsonl", "--to", "report.html"], { cwd: folder });
    expect(again).toMatchObject({ exit: 2, error: expect.stringContaining("report.html") });
  });

  test("says when the server is gone, and keeps what it shows", async () => {
    const { page, child } = await view("moods.jsonl");
    await whenRead(page);
    await page.locator(".rows .id").first().waitFor();
    child.kill("SIGKILL");
    await page.getByRole("alert").getByText("does not answer").waitFor();
    expect(await shownIds(page)).toHaveLength(8);
  });

  test("reaches the first and the last of 200,000 rows while there are no more than some dozens in it", async () => {
    await writeMany("many.jsonl", (index) => chatLine(`request-${index}`));
    await writeMany("many.results.jsonl", (index) => chatAnswerLine(`request-${index}`, `Answer ${index}`));
    const { page, complaints } = await view("many.jsonl");
    await page.locator(".rows .id", { hasText: "request-0" }).first().waitFor();
    await whenRead(page);
    await page.locator("#rows").focus();
    await page.keyboard.press("End");
    await page.locator(".rows .id", { hasText: `request-${many - 1}` }).waitFor();
    expect((await shownIds(page)).length).toBeLessThan(100);
    await page.keyboard.press("Home");
    await expect.poll(async () => (await shownIds(page))[0]).toBe("request-0");
    expect(complaints).toEqual([]);
  });
});
