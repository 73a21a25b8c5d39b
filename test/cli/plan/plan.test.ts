import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chatLine, chatLines, embeddingLine, toLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const folder = temporaryFolder();

function place(content: string): string {
  const cwd = mkdtempSync(join(folder, "plan-"));
  writeFileSync(join(cwd, "requests.jsonl"), content);
  return cwd;
}

/** The content of a file of good requests. */
function chatFile(count: number): string {
  return toLines(chatLines(count));
}

const mixed = `${chatLine("a")}\n${embeddingLine("b")}\n${chatLine("c")}\n`;

describe("openbatch plan", () => {
  test("shows the parts in a table, and what to do next", async () => {
    const { exit, out, error } = await runCli(["plan", "requests.jsonl", "--no-tokens"], {
      cwd: place(mixed),
    });
    expect([exit, error]).toEqual([0, ""]);
    expect(out.split("\n")).toEqual([
      "requests.jsonl for OpenAI: 3 requests, 431 bytes, in 2 batches",
      "",
      "part  endpoint          model                   requests       size",
      "   1  chat/completions  gpt-4o-mini                    2  316 bytes",
      "   2  embeddings        text-embedding-3-small         1  115 bytes",
      "",
      "Next: openbatch submit requests.jsonl --provider openai",
      "",
    ]);
  });

  test("writes the parts to a folder", async () => {
    const cwd = place(mixed);
    const { exit, out } = await runCli(["plan", "requests.jsonl", "--to", "parts"], { cwd });
    expect(exit).toBe(0);
    expect(out).toContain("Wrote parts/requests.part-1.jsonl, parts/requests.part-2.jsonl.");
    const names = readdirSync(join(cwd, "parts"));
    const texts = names.map((name) => readFileSync(join(cwd, "parts", name), "utf8"));
    expect(texts.join("").length).toBe(mixed.length);
    const again = await runCli(["plan", "requests.jsonl", "--to", "parts"], { cwd });
    expect([again.exit, again.error]).toEqual([2, expect.stringContaining("error[file_exists]")]);
  });

  test("shows tokens and prices within 80 columns, and ends with 3 where they are too high", async () => {
    const cwd = place(toLines([chatLine("a", { max_tokens: 1_000_000 })]));
    const { out } = await runCli(["plan", "requests.jsonl"], { cwd });
    expect(out.split("\n").slice(2, 10)).toEqual([
      "part  endpoint          model        requests       size  tokens    price",
      "   1  chat/completions  gpt-4o-mini         1  179 bytes      12  ≤ $0.31",
      "",
      "Tokens: 12 in, at most 1,000,000 out",
      "",
      "price            input  if cached  at most",
      "batches        $0.0001    $0.0001    $0.31",
      "openbatch run  $0.0001    $0.0001    $0.61",
    ]);
    const { out: shared } = await runCli(["plan", "requests.jsonl", "--output-share", "0.3"], { cwd });
    expect(shared).toContain("batches        $0.0001    $0.0001   $0.0901    $0.31");
    const { exit, error } = await runCli(["plan", "requests.jsonl", "--max-cost", "0.2"], { cwd });
    expect([exit, error]).toEqual([2, expect.stringContaining("error[cost_over_limit]")]);
    const { out: help } = await runCli(["plan", "--help"]);
    expect(help).toContain("no batch\nfile, or over --max-cost.\n");
  });

  test("prints one object with --json", async () => {
    const args = ["plan", "requests.jsonl", "--provider", "groq", "--max-requests", "1", "--json"];
    const { exit, out } = await runCli(args, { cwd: place(chatFile(2)) });
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ file: "requests.jsonl", provider: "groq", requests: 2, unplaced: [], unplacedCount: 0 },
      parts: [{ number: 1, firstLine: 1, lastLine: 1 }, { number: 2 }],
      next: "openbatch submit requests.jsonl --provider groq",
    });
  });

  test("names requests that no batch can hold, and ends with 1", async () => {
    const { exit, out } = await runCli(["plan", "requests.jsonl", "--provider", "zhipu", "--to", "parts"], {
      cwd: place(chatFile(1)),
    });
    expect(exit).toBe(1);
    expect(out).toContain('1 request that no batch can hold:\n  line 1, custom_id "request-0": invalid_url:');
    expect(out).toContain("Nothing was written");
  });

  test.each([
    ["a service that nobody knows", ["--provider", "grok"], "Did you mean groq?"],
    ["a price that is none", ["--price", "1"], "a number, 0 or more"],
    ["a wrong number", ["--max-requests", "0"], "1 or more"],
  ])("with %s is wrong usage", async (_name, args, hint) => {
    const { exit, error } = await runCli(["plan", "requests.jsonl", ...args], { cwd: place(mixed) });
    expect([exit, error]).toEqual([2, expect.stringContaining(hint)]);
  });
});
