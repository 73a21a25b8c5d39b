import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import { expect, onTestFinished, test } from "vitest";
import { startBatchServer } from "../../../src/testing.js";
import { chatLine, toLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { startCli } from "../start-cli.js";

const count = 400;
const claude = { model: "claude-haiku-4-5", max_tokens: 50 };

/** Some ids that Anthropic refuses among others. */
function toIds(from: number): string[] {
  return Array.from({ length: count }, (_, index) => `q${index % 7 === 0 ? "/" : "-"}${from + index}`);
}

test.each([1, 2, 3])(
  "a job that is killed again and again pays no request twice and loses none (%i)",
  async (seed) => {
    const folder = temporaryFolder();
    const file = join(folder, "requests.jsonl");
    const ids = [...toIds(0), ...toIds(count)];
    writeFileSync(file, toLines(ids.slice(0, count).map((id) => chatLine(id, claude))));
    const server = await startBatchServer();
    onTestFinished(() => server.close());
    const args = [
      "submit",
      "requests.jsonl",
      "--provider",
      "anthropic",
      "--base-url",
      server.baseURL,
      "--poll",
      "0.05",
    ];
    const start = () => startCli(args, { cwd: folder });
    for (let kill = 1; kill <= 5; kill += 1) {
      const submit = start();
      // Whenever that is: from its start to its end.
      await sleep((seed * 379 + kill * 211) % 900);
      submit.child.kill("SIGKILL");
      await submit.ended();
      if (kill === 2) appendFileSync(file, toLines(ids.slice(count).map((id) => chatLine(id, claude))));
    }
    const { exit, error } = await start().ended();
    expect(exit, error).toBe(0);
    const lines = readFileSync(join(folder, "requests.rehearsal.jsonl"), "utf8").trim().split("\n");
    const answered = lines.map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);
    expect(answered.sort()).toEqual([...ids].sort());
    const { baseURL, apiKey } = server;
    const client = new Anthropic({ baseURL: baseURL.replace(/\/v1$/, ""), apiKey });
    const { data } = await client.messages.batches.list();
    expect(data.reduce((sum, { request_counts }) => sum + request_counts.succeeded, 0)).toBe(ids.length);
  },
  180_000,
);
