import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCli } from "../../cli/start-cli.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { prepareRun } from "../live-run.js";
import { hasBrowser, inspect, launch, openPage, shownIds } from "./browser.js";

const folder = temporaryFolder();
const patience = { timeout: 20_000 };
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
    await expect.poll(() => state.textContent(), patience).toBe("Run under way: 10 requests settled");
    await expect.poll(() => countOf("usable"), patience).toBe("9");
    await page.getByText("too_odd").first().waitFor();
    await page.locator(".rows .id", { hasText: /^request-21$/ }).click();
    const detail = page.getByRole("region", { name: "Request and answer" });
    await detail.getByRole("heading", { name: "request-21" }).waitFor();
    await detail.getByText("pending").first().waitFor();
    live.answer(30);
    // Moments are noted every five seconds: then there is something to plot.
    await expect.poll(() => countOf("usable"), patience).toBe("36");
    await detail.locator("dt", { hasText: "mood" }).waitFor();
    await page.getByRole("img", { name: /^results a second/ }).waitFor(patience);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await inspect(page, `live-${colorScheme}`)).toEqual([]);
    }
    await page.setViewportSize({ width: 700, height: 430 });
    expect(await inspect(page, "live-200")).toEqual([]);
    await page.setViewportSize({ width: 1400, height: 860 });
    await page.getByRole("button", { name: "Close" }).click();
    await page.locator(".tile.failed").click();
    await expect.poll(() => shownIds(page)).toHaveLength(4);
    live.answer(20);
    await run.ended();
    await expect.poll(() => shownIds(page), patience).toHaveLength(6);
    await expect.poll(() => state.textContent(), patience).toContain("has ended, completed: 60 requests");
    await page.locator(".tile.pending").waitFor({ state: "detached" });
    expect(await inspect(page, "live-ended")).toEqual([]);
    expect(complaints).toEqual([]);
  }, 120_000);

  test("says why nothing is sent and for how long, how old the oldest request is, and what held it up afterwards", async () => {
    const live = await prepareRun(folder, "paused", 12);
    live.refuse(9);
    const run = live.start();
    const { said, says } = startCli(["view", live.file], { cwd: folder });
    await says("Ctrl-C");
    const { page, complaints } = await openPage(browser, /http:\S+/.exec(said.out)?.[0] ?? "");
    const panel = page.getByRole("region", { name: "Run" });
    await panel.getByText(/asked to wait \(status 429\): nothing is sent for \d s\./).waitFor(patience);
    const measures = () => panel.locator(".measures").first().textContent();
    await expect
      .poll(measures, patience)
      .toMatch(/3 of 4 at once with the server ?\d+(\.\d)? s since the oldest was sent/);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await inspect(page, `paused-${colorScheme}`)).toEqual([]);
    }
    live.answer(12);
    await run.ended();
    await expect.poll(() => panel.getByRole("status").textContent(), patience).toContain("has ended");
    await panel.getByRole("status").click();
    const troubles = await panel.getByRole("list", { name: "What held it up" }).textContent();
    expect(troubles).toMatch(/1 × sent again: status 429.* of waiting: status 429/);
    expect(complaints).toEqual([]);
  }, 120_000);

  test("shows the parts of a job, where each stands and when it was at the service, from before its first result", async () => {
    const live = await prepareRun(folder, "job", 12);
    const args = ["--upstream", live.baseURL, "--port", "0", "--data", join(folder, "data")];
    const service = startCli(["serve", ...args, "--concurrency", "4"], { cwd: folder });
    await service.says("/v1");
    const baseURL = /http:\S+\/v1/.exec(service.said.out)?.[0] ?? "";
    const job = startCli(["submit", live.file, "--base-url", baseURL, "--poll", "1", "--rounds", "1"], {
      cwd: folder,
    });
    const { said, says } = startCli(["view", live.file], { cwd: folder });
    await says("Ctrl-C");
    const { page, complaints } = await openPage(browser, /http:\S+/.exec(said.out)?.[0] ?? "");
    const panel = page.getByRole("region", { name: "Job", exact: true });
    live.answer(6);
    const cells = () => panel.locator("tbody td").allTextContents();
    await expect
      .poll(cells, patience)
      .toEqual(expect.arrayContaining(["submitted (in_progress)", "6 of 12"]));
    expect(await page.locator(".tile.pending b").textContent()).toBe("12");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await inspect(page, `job-${colorScheme}`)).toEqual([]);
    }
    live.answer(6);
    await job.ended();
    await expect
      .poll(() => panel.getByRole("status").textContent(), patience)
      .toBe("Job: 1 of 1 part collected");
    await expect.poll(() => page.locator(".tile.usable b").textContent(), patience).toBe("11");
    await page.locator(".tile.pending").waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  }, 120_000);

  test("shows parts and rounds on one line of time, and what they cost beside what was planned", async () => {
    const live = await prepareRun(folder, "rounds", 12);
    const at = (minutes: number) =>
      new Date(Date.parse("2026-11-01T10:00:00Z") + minutes * 60_000).toISOString();
    const usage = (input_tokens: number, output_tokens: number) => ({
      ...{ input_tokens, output_tokens, total_tokens: input_tokens + output_tokens },
      ...{ input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
    });
    const part = (number: number, fields: object) => ({
      ...{
        number,
        round: 1,
        endpoint: "/v1/chat/completions",
        model: "gpt-4o-mini",
        requests: 4,
        bytes: 900,
      },
      ...{ intent: `i${number}`, since: at(0), batch: `batch_${number}`, submitted_at: at(number) },
      ...fields,
    });
    const all = { total: 4, completed: 4, failed: 0 };
    const parts = [
      part(1, { state: "merged", word: "completed", counts: all, usage: usage(4e6, 1e6), ended_at: at(40) }),
      part(2, {
        ...{ state: "merged", word: "expired", counts: { ...all, completed: 2, failed: 2 } },
        ...{ usage: usage(2e6, 5e5), ended_at: at(95) },
      }),
      part(3, { state: "rejected", word: "failed", counts: { ...all, completed: 0 }, ended_at: at(4) }),
      part(4, {
        round: 2,
        state: "merged",
        counts: { ...all, completed: 2 },
        submitted_at: at(96),
        ended_at: at(120),
      }),
    ];
    const job = live.file.replace(".jsonl", ".job");
    mkdirSync(job);
    const record = {
      ...{ version: 1, job: "j", created_at: at(0), file: "rounds.jsonl", output: "rounds.results.jsonl" },
      ...{ batch_file: { bytes: 1, sha256: "0", requests: 12 }, target: "https://api.openai.com/v1" },
      ...{ provider: "openai", account: { salt: "0", hash: "0" }, parts },
      planned_cost: { input: 0.9, atMost: 4 },
    };
    writeFileSync(join(job, "job.json"), JSON.stringify(record));
    const { said, says } = startCli(["view", live.file], { cwd: folder, env: { TZ: "UTC" } });
    await says("Ctrl-C");
    const { page, complaints } = await openPage(browser, /http:\S+/.exec(said.out)?.[0] ?? "");
    const panel = page.getByRole("region", { name: "Job", exact: true });
    await panel.getByText("Round 2: what was worth sending again").waitFor(patience);
    // Half the price of 6 million tokens in and 1.5 million out, of gpt-4o-mini.
    expect(await panel.locator(".measures").textContent()).toBe(
      "$0.90 for tokens of 2 partsat most $4.00 planned, $0.90 of it for what is asked",
    );
    const rows = await panel.locator("tbody tr").allTextContents();
    expect(rows).toHaveLength(6);
    expect(rows[2]).toMatch(/^2merged \(expired\)4 of 42\$0\.30\d\d:02 to \d\d:35, 1 h 33 min$/);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await inspect(page, `rounds-${colorScheme}`)).toEqual([]);
    }
    await page.setViewportSize({ width: 700, height: 430 });
    expect(await inspect(page, "rounds-200")).toEqual([]);
    expect(complaints).toEqual([]);
  }, 60_000);
});
