import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { spawnCli } from "../../cli/start-cli.js";
import { startLoopbackServer } from "../../execute/loopback-server.js";
import { asking, chatBody, chatLine, chatLines, toLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { hasBrowser, launch, openPage, shownIds, whenRead } from "../../view/page/browser.js";
import { hostileText, moodRequests } from "../../view/viewed.js";
import { startServerProcess } from "../server-process.js";
import { choose, inspectAll, makeBatch, save, stateOf } from "./service-page.js";

const folder = temporaryFolder();
const patience = { timeout: 20_000 };
let browser: Browser;
let count = 0;

beforeAll(async () => {
  if (hasBrowser) browser = await launch();
});

afterAll(async () => {
  if (hasBrowser) await browser.close();
});

/** A server on a folder of its own, and what it says its page is. */
async function start(...args: readonly string[]) {
  count += 1;
  const data = join(folder, `data-${count}`);
  const server = await startServerProcess(["--data", data, ...args]);
  const link = JSON.parse(server.output().split("\n")[0] ?? "").page as string;
  return { data, server, link };
}

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, toLines(lines));
  return path;
}

async function list(baseURL: string, of: "files" | "batches"): Promise<readonly { readonly id: string }[]> {
  return ((await (await fetch(`${baseURL}/${of}`)).json()) as { data: { id: string }[] }).data;
}

/** Drops a file on the page, as who drags it from a folder does. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const file = `new File([${JSON.stringify(text)}], ${JSON.stringify(name)})`;
  const dropped = await page.evaluateHandle(
    `(() => { const transfer = new DataTransfer(); transfer.items.add(${file}); return transfer; })()`,
  );
  for (const type of ["dragover", "drop"])
    await page.dispatchEvent("main", type, { dataTransfer: dropped, bubbles: true, cancelable: true });
}

/** A server behind the server: it answers so many requests, and lets the others wait. */
async function startUpstream() {
  let allowed = 0;
  const waiting: (() => void)[] = [];
  const go = (): void => {
    for (; allowed > 0 && waiting.length > 0; allowed -= 1) waiting.shift()?.();
  };
  const upstream = await startLoopbackServer(async () => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      go();
    });
    return { body: chatBody(hostileText) };
  });
  const allow = (more: number): void => {
    allowed += more;
    go();
  };
  return { upstream, allow };
}

describe.skipIf(!hasBrowser)("the page of openbatch serve", () => {
  test("shows what is wrong with a batch file before anything is made of it, and makes nothing", async () => {
    const { server, link } = await start("--rehearse");
    const { page, complaints } = await openPage(browser, link);
    await page.getByText("There is none yet.").waitFor();
    await inspectAll(page, "serve-empty");
    const broken = write("broken.jsonl", [
      chatLine("a"),
      '{"custom_id":"b","method":"POST"',
      chatLine("c", { temprature: 1 }),
      chatLine("a"),
      chatLine(
        "e",
        asking("stay", { type: "object", properties: { "customer-satisfaction": { type: "string" } } }),
      ),
    ]);
    await drop(page, "broken.jsonl", readFileSync(broken, "utf8"));
    await page.getByRole("heading", { name: /^broken\.jsonl: \d errors/ }).waitFor();
    const validated = await spawnCli(["validate", broken, "--json"], { cwd: folder });
    const [report] = JSON.parse(validated.out).files;
    const told = await page.getByRole("region", { name: "Findings" }).locator("tbody tr").allTextContents();
    expect(told).toHaveLength(report.findings.length);
    for (const [index, { code, message, line }] of report.findings.entries()) {
      expect(told[index]).toContain(code);
      expect(told[index]).toContain(message);
      expect(told[index]).toMatch(new RegExp(`^${line}`));
    }
    await inspectAll(page, "serve-findings");
    // In a narrow window the words stay whole, and all of what is wrong is in sight.
    await page.setViewportSize({ width: 640, height: 860 });
    expect(
      await page.evaluate(
        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.findings'))",
      ),
    ).toBe(0);
    const members = await page.evaluate(`(() => {
      const cells = [...document.querySelectorAll(".findings .path")];
      const { childNodes } = cells.find((cell) => cell.textContent.includes("response_format"));
      const range = document.createRange();
      return [...childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((text) => {
        range.selectNode(text);
        return [text.textContent, range.getClientRects().length];
      });
    })()`);
    expect(members).toEqual(
      ["body.", "response_format.", "json_schema.", "schema"].map((member) => [member, 1]),
    );
    expect(await list(server.baseURL, "files")).toEqual([]);
    expect(await list(server.baseURL, "batches")).toEqual([]);
    await page.getByRole("button", { name: "Choose another file" }).click();
    await choose(page, write("table.csv", ["id,text"]));
    await page.getByRole("alert").getByText("openbatch build").waitFor();
    expect(await list(server.baseURL, "files")).toEqual([]);
    expect(complaints.filter((complaint) => !complaint.includes("400 (Bad Request)"))).toEqual([]);
  }, 60_000);

  test("makes a batch of a file when that is confirmed, and shows its life and its results as openbatch results counts them", async () => {
    const { server, link } = await start("--rehearse", "--fault", "400:0.1", "--fault", "refusal:0.1");
    const { page, complaints } = await openPage(browser, link);
    const file = write("requests.jsonl", chatLines(200));
    await choose(page, file);
    await page.getByRole("heading", { name: "requests.jsonl: nothing is wrong with it" }).waitFor();
    await inspectAll(page, "serve-checked");
    expect(await list(server.baseURL, "batches")).toEqual([]);
    await page.getByRole("button", { name: "Create the batch" }).click();
    await expect.poll(() => stateOf(page), patience).toBe("completed");
    expect(await list(server.baseURL, "batches")).toHaveLength(1);
    const life = page.getByRole("list", { name: "Life of the batch" }).getByRole("listitem");
    expect((await life.allTextContents()).map((text) => text.split(" ")[0])).toEqual([
      ...["created", "in_progress", "finalizing", "completed"],
    ]);
    await whenRead(page);
    const output = await save(page, "Save output", folder);
    const errors = await save(page, "Save errors", folder);
    const args = ["results", file, "--results", output.path, "--results", errors.path, "--json"];
    const told = JSON.parse((await spawnCli(args, { cwd: folder })).out);
    const countOf = async (outcome: string) => Number(await page.locator(`.tile.${outcome} b`).textContent());
    await expect.poll(() => countOf("usable"), patience).toBe(told.usable);
    expect(await countOf("all")).toBe(200);
    expect(await countOf("problem")).toBe(told.problems);
    expect(await countOf("failed")).toBe(told.counts.failed);
    expect(told.counts.failed).toBeGreaterThan(0);
    await inspectAll(page, "serve-batch");
    const csv = await save(page, "Save as CSV", folder);
    expect(csv.name).toBe("requests.results.csv");
    expect(readFileSync(csv.path, "utf8").trimEnd().split("\n").length).toBeGreaterThan(200);
    const workbook = await save(page, "Save for Excel", folder);
    expect(readFileSync(workbook.path).subarray(0, 2).toString()).toBe("PK");
    await page.getByRole("button", { name: "Send again what failed" }).click();
    await page.getByRole("button", { name: "Yes" }).click();
    await page.getByRole("alert").getByText("would only fail again").waitFor();
    await page.getByRole("link", { name: "All batches" }).click();
    await page.getByRole("link", { name: "requests.jsonl" }).waitFor();
    await inspectAll(page, "serve-list");
    expect(complaints.filter((complaint) => !complaint.includes("409 (Conflict)"))).toEqual([]);
  }, 120_000);

  test("follows a batch under way, cancels it, and sends again what it has not got to, all by keys", async () => {
    const { upstream, allow } = await startUpstream();
    const { link } = await start("--upstream", upstream.baseURL, "--concurrency", "4");
    const { page, complaints } = await openPage(browser, link);
    await makeBatch(page, write("slow.jsonl", chatLines(30)));
    allow(10);
    await expect.poll(() => page.locator(".batch-bar").textContent(), patience).toBe("10 of 30");
    await expect.poll(() => page.locator(".tile.usable b").textContent(), patience).toBe("10");
    expect(await page.locator(".tile.pending b").textContent()).toBe("20");
    const run = page.getByRole("region", { name: "Run" });
    await expect
      .poll(() => run.getByRole("status").textContent(), patience)
      .toBe("Run under way: 10 requests settled");
    await run.getByText("4 of 4 at once").waitFor(patience);
    await inspectAll(page, "serve-under-way");
    await page.getByRole("button", { name: "Cancel" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: "Cancel" }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => stateOf(page), patience).toMatch(/^cancell/);
    allow(4);
    await expect.poll(() => stateOf(page), patience).toBe("cancelled");
    await expect.poll(() => page.locator(".tile.pending").count(), patience).toBe(0);
    const left = Number(await page.locator(".tile.cancelled b").textContent());
    expect(left).toBeGreaterThanOrEqual(16);
    await page.getByRole("button", { name: "Send again what failed" }).press("Enter");
    await page.getByRole("button", { name: "Yes" }).press("Enter");
    await page.getByText("It sends again what failed in").waitFor();
    await expect.poll(() => page.locator(".batch-bar").textContent(), patience).toBe(`0 of ${left}`);
    allow(left);
    await expect.poll(() => stateOf(page), patience).toBe("completed");
    await expect.poll(() => page.locator(".tile.usable b").textContent(), patience).toBe(String(left));
    await page.goBack();
    await page.getByText("What failed is sent again in").waitFor();
    expect(await page.getByRole("button", { name: "Send again what failed" }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await upstream.close();
  }, 120_000);

  test("takes hostile answers, names and ids for nothing but text", async () => {
    const { upstream, allow } = await startUpstream();
    allow(100);
    const { link } = await start("--upstream", upstream.baseURL);
    const { page, complaints } = await openPage(browser, link);
    const path = write("<img src=x onerror=alert(3)>.jsonl", [
      chatLine(hostileText.slice(0, 64)),
      ...moodRequests.slice(0, 3),
    ]);
    await makeBatch(page, path);
    await expect.poll(() => stateOf(page), patience).toBe("completed");
    await page.locator(".rows .id", { hasText: "c" }).last().click();
    await expect.poll(() => page.locator(".detail .text").allTextContents(), patience).toContain(hostileText);
    expect(await page.locator("main img, main script, .detail a").count()).toBe(0);
    await inspectAll(page, "serve-hostile");
    await page.getByRole("link", { name: "All batches" }).click();
    await page.getByRole("link", { name: "<img src=x onerror=alert(3)>.jsonl" }).waitFor();
    expect(await page.locator("main img").count()).toBe(0);
    await inspectAll(page, "serve-hostile-list");
    expect(complaints).toEqual([]);
    await upstream.close();
  }, 60_000);

  test("says when the server is gone, and goes on by itself when it is there again", async () => {
    const { server, link, data } = await start("--rehearse");
    const { page } = await openPage(browser, link);
    await makeBatch(page, write("kept.jsonl", chatLines(3)));
    await expect.poll(() => stateOf(page), patience).toBe("completed");
    await expect.poll(() => shownIds(page), patience).toHaveLength(3);
    await server.kill();
    await page.getByRole("alert").getByText("Is openbatch serve still running?").waitFor(patience);
    expect(await shownIds(page)).toHaveLength(3);
    const { port } = new URL(server.baseURL);
    await startServerProcess(["--data", data, "--rehearse", "--port", port]);
    await page.getByRole("alert").waitFor({ state: "detached", ...patience });
    await page.getByRole("link", { name: "All batches" }).click();
    await makeBatch(page, write("later.jsonl", chatLines(2)));
    await expect.poll(() => stateOf(page), patience).toBe("completed");
    expect(page.url()).not.toContain("token");
  }, 120_000);

  test("keeps its key in memory alone where callers need one, and shows older batches when that is wanted", async () => {
    vi.stubEnv("OPENBATCH_CALLERS", "sk-callers");
    const { server, link } = await start("--rehearse", "--api-key-env", "OPENBATCH_CALLERS");
    const headers = { authorization: "Bearer sk-callers" };
    const body = new FormData();
    body.append("purpose", "batch");
    body.append("file", new Blob([toLines(chatLines(1))]), "one.jsonl");
    const sent = await fetch(`${server.baseURL}/files`, { method: "POST", headers, body });
    const input_file_id = ((await sent.json()) as { id: string }).id;
    for (let made = 0; made < 102; made += 1)
      await fetch(`${server.baseURL}/batches`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ input_file_id, endpoint: "/v1/chat/completions", completion_window: "24h" }),
      });
    const { page } = await openPage(browser, link);
    const rows = page.getByRole("region", { name: "List of batches" }).locator("tbody tr");
    await expect.poll(() => rows.count(), patience).toBe(100);
    await page.getByText("2 older ones are not shown.").getByRole("button").click();
    await expect.poll(() => rows.count(), patience).toBe(102);
    expect(page.url()).not.toContain("token");
    expect(await page.evaluate("JSON.stringify([sessionStorage, localStorage, document.cookie])")).toBe(
      '[{},{},""]',
    );
    await page.reload();
    await page.getByRole("alert").getByText("open the link that openbatch serve has printed").waitFor();
  }, 60_000);
});
