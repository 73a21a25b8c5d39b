import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startLoopbackServer } from "../../execute/loopback-server.js";
import { idsIn, requestIds, writeRequests } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";
import { startCli } from "../start-cli.js";

const root = temporaryFolder();
let number = 0;

function prepare(count = 10) {
  number += 1;
  const cwd = join(root, `${number}`);
  mkdirSync(cwd);
  writeRequests(join(cwd, "requests.jsonl"), requestIds(count));
  return { cwd, output: join(cwd, "requests.results.jsonl") };
}

const env = { OPENAI_BASE_URL: "", OPENAI_API_KEY: "" };

describe.skipIf(process.platform === "win32")("Ctrl-C", () => {
  /** Starts a run against a server whose answers wait. */
  async function startRun(cwd: string, respond: Parameters<typeof startLoopbackServer>[0]) {
    const server = await startLoopbackServer(respond);
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL, "--concurrency", "3"];
    return { server, ...startCli(args, { cwd, env }) };
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** A run that is stopped while three requests are under way, which are answered after that. */
  async function interruptRun(cwd: string) {
    let answer = (): void => {};
    const open = new Promise<undefined>((resolve) => {
      answer = () => resolve(undefined);
    });
    const { server, child, says, ended } = await startRun(cwd, () => open);
    await until(() => server.requests.length === 3);
    child.kill("SIGINT");
    await says("Stopping");
    answer();
    return { server, ...(await ended()) };
  }

  test("once stops in good order: what is under way is written, and the same command goes on", async () => {
    const { cwd, output } = prepare(20);
    const { server, exit, error } = await interruptRun(cwd);
    expect(exit).toBe(130);
    expect(error).toContain("3 of 20 requests have their result in requests.results.jsonl; 17 are pending.");
    expect(error).toContain(`openbatch run requests.jsonl --base-url ${server.baseURL} --concurrency 3\n`);
    expect(idsIn(output)).toHaveLength(3);
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL, "--json"];
    const again = JSON.parse((await runCli(args, { cwd, env })).out);
    expect(again).toMatchObject({ succeeded: 20, alreadyDone: 3, mayBeSentTwice: 0 });
    expect(server.requests).toHaveLength(20);
    await server.close();
  });

  test("leaves results that can be joined with their rows, and all of them once the run went on", async () => {
    const { cwd, output } = prepare(20);
    const rows = requestIds(20).map((id, index) => `${id},${index}`);
    writeFileSync(join(cwd, "rows.csv"), `id,n\n${rows.join("\n")}\n`);
    const { server } = await interruptRun(cwd);
    const done = new Set(idsIn(output));
    const args = "--join rows.csv --on id --columns status --to joined.csv --overwrite".split(" ");
    const joined = await runCli(["results", "requests.jsonl", ...args], { cwd, env });
    expect(joined.exit).toBe(1);
    expect(joined.error).toContain("The last run was interrupted: the same openbatch run command goes on");
    const toTable = (statusOf: (id: string) => string) =>
      `id,n,status\n${requestIds(20)
        .map((id, index) => `${id},${index},${statusOf(id)}\n`)
        .join("")}`;
    const table = () => readFileSync(join(cwd, "joined.csv"), "utf8");
    expect(table()).toBe(toTable((id) => (done.has(id) ? "succeeded" : "missing")));
    await runCli(["run", "requests.jsonl", "--base-url", server.baseURL], { cwd, env });
    const whole = await runCli(["results", "requests.jsonl", ...args], { cwd, env });
    expect(whole).toMatchObject({ exit: 0, error: "" });
    expect(table()).toBe(toTable(() => "succeeded"));
    await server.close();
  });

  test("twice ends at once, and the next run says what may be sent a second time", async () => {
    const { cwd } = prepare(20);
    let isHanging = true;
    const { server, child, says, ended } = await startRun(cwd, () =>
      isHanging ? { hang: true } : undefined,
    );
    await until(() => server.requests.length === 3);
    child.kill("SIGINT");
    await says("Stopping");
    child.kill("SIGINT");
    expect((await ended()).exit).toBe(130);
    isHanging = false;
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL, "--json"];
    const { out, error } = await runCli(args, { cwd, env });
    expect(JSON.parse(out)).toMatchObject({ succeeded: 20, mayBeSentTwice: 3 });
    expect(error).toContain("note: Up to 3 requests may be sent a second time");
    expect(server.requests).toHaveLength(23);
    await server.close();
  });
});
