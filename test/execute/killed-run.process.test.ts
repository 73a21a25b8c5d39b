import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { type ExecuteBatchFileOptions, executeBatchFile, readRunRecord } from "../../src/execute.js";
import { idsIn, requestIds, writeRequests } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { type ReceivedRequest, startLoopbackServer } from "./loopback-server.js";

const folder = temporaryFolder();
const executeUrl = pathToFileURL("dist/execute.js").href;
const script = join(import.meta.dirname, "killed-run.mjs");

/** More kills than in CI: OPENBATCH_KILLS=200 npx vitest run killed-run */
const kills = Number(process.env.OPENBATCH_KILLS ?? 3);

/** The same waits in every run, between 0 and 200 ms. */
const waits = Array.from({ length: kills }, (_, index) => (index * 7919 + 29) % 200);

function start(file: string, options: ExecuteBatchFileOptions): ChildProcess {
  return spawn(process.execPath, [script, executeUrl, file, JSON.stringify(options)]);
}

/** Kills a run a while after it has begun to send; gives how many requests it said may be sent twice. */
async function runUntilKilled(
  file: string,
  options: ExecuteBatchFileOptions,
  waitMs: number,
): Promise<number> {
  const child = start(file, options);
  const ended = once(child, "exit");
  const [said] = await once(child.stdout ?? child, "data");
  await setTimeout(waitMs);
  child.kill("SIGKILL");
  await ended;
  return Number.parseInt(`${said}`, 10);
}

/** How often each request came, by what it says. */
function countById(requests: readonly ReceivedRequest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { body } of requests) {
    const id = /about (request-\d+)\./.exec(body)?.[1] ?? "";
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** Ids of whole lines: the last one may be torn by the kill. */
function wholeIdsIn(path: string): string[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line).custom_id);
}

describe.each<ExecuteBatchFileOptions>([{ concurrency: 16 }, {}])(
  "a run that is killed, with %j",
  (options) => {
    test("goes on until each request has one result, and what it sent twice is no more than it said", async () => {
      const name = `killed-${options.concurrency ?? "auto"}`;
      const file = join(folder, `${name}.jsonl`);
      const output = join(folder, `${name}.results.jsonl`);
      const count = kills * 80;
      writeRequests(file, requestIds(count));
      await using server = await startLoopbackServer(() => ({ afterMs: 10 }));
      const { baseURL } = server;
      let saidTwice = 0;
      for (const waitMs of waits) {
        const before = new Set(wholeIdsIn(output));
        const saidBefore = await runUntilKilled(file, { ...options, baseURL }, waitMs);
        saidTwice += saidBefore;
        const ids = wholeIdsIn(output);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.slice(0, before.size)).toEqual([...before]);
      }
      const summary = await executeBatchFile(file, { ...options, baseURL });
      saidTwice += summary.mayBeSentTwice;
      expect(summary).toMatchObject({ succeeded: count, failed: 0, pending: 0 });
      expect(idsIn(output).sort()).toEqual(requestIds(count).sort());

      const counts = countById(server.requests);
      expect(counts.size).toBe(count);
      const { runs } = await readRunRecord(summary.record);
      const unfinished = runs.filter(({ state }) => state === "unfinished");
      const inFlight = unfinished.reduce((sum, { mostInFlight }) => sum + mostInFlight, 0);
      expect(server.requests.length - counts.size).toBeLessThanOrEqual(Math.min(saidTwice, inFlight));
      expect(readdirSync(folder).filter((each) => each.startsWith(`${name}.results.lock`))).toEqual([]);
    });
  },
);

test("a run that is killed while it takes failed lines out loses no result, and the same call goes on", async () => {
  const file = join(folder, "retried.jsonl");
  const output = join(folder, "retried.results.jsonl");
  const ids = requestIds(3000);
  writeRequests(file, ids);
  let isMended = false;
  const isFailing = ({ body }: ReceivedRequest) => /about request-\d*[13579]\./.test(body);
  await using server = await startLoopbackServer((request) =>
    !isMended && isFailing(request) ? { status: 400, body: { error: { message: "No." } } } : undefined,
  );
  const options = { baseURL: server.baseURL, concurrency: 16 };
  expect(await executeBatchFile(file, options)).toMatchObject({ succeeded: 1500, failed: 1500 });
  const good = requestIds(3000).filter((id) => /[02468]$/.test(id));
  isMended = true;
  for (let kill = 0; kill < 2 * kills; kill += 1) {
    const child = start(file, { ...options, retryFailed: true });
    const ended = once(child, "exit");
    // While the file without these lines is written, or a while after it has taken the place of the other.
    const size = statSync(output).size;
    const before = new Set(readdirSync(folder));
    const isTemporary = (name: string) => /^retried\.results\.jsonl\..*\.tmp$/.test(name);
    const isWriting = () => readdirSync(folder).some((name) => isTemporary(name) && !before.has(name));
    while (!isWriting() && statSync(output).size === size && child.exitCode === null) await setImmediate();
    await setTimeout((kill % 6) * 12);
    child.kill("SIGKILL");
    await ended;
    const whole = wholeIdsIn(output);
    expect(new Set(whole).size).toBe(whole.length);
    expect(whole).toEqual(expect.arrayContaining(good));
  }
  const summary = await executeBatchFile(file, { ...options, retryFailed: true });
  expect(summary).toMatchObject({ succeeded: 3000, failed: 0, pending: 0 });
  expect(idsIn(output).sort()).toEqual([...ids].sort());
  expect(readdirSync(folder).filter((name) => name.startsWith("retried.results.jsonl."))).toEqual([]);
});

describe.runIf(process.platform === "linux")("a disk that is full", () => {
  test("stops the run with whole lines in its files, and the same call goes on when there is room", async () => {
    const file = join(folder, "full.jsonl");
    const output = join(folder, "full.results.jsonl");
    writeRequests(file, requestIds(200));
    await using server = await startLoopbackServer();
    const options = { baseURL: server.baseURL, concurrency: 8 };
    const args = [script, executeUrl, file, JSON.stringify(options)];
    const child = spawn("bash", ["-c", 'ulimit -f 30; exec "$0" "$@"', process.execPath, ...args]);
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
    });
    await once(child, "close");
    const stop = JSON.parse(said.split("\n")[1] ?? "");
    expect(stop).toMatchObject({ code: "disk_full", message: expect.stringContaining("are pending") });
    expect(stop.succeeded + stop.pending).toBe(200);
    expect(idsIn(output)).toHaveLength(stop.succeeded);

    const summary = await executeBatchFile(file, options);
    expect(summary).toMatchObject({ succeeded: 200, alreadyDone: stop.succeeded });
    expect(idsIn(output).sort()).toEqual(requestIds(200).sort());
    expect(server.requests.length - 200).toBeLessThanOrEqual(summary.mayBeSentTwice);
    expect(summary.mayBeSentTwice).toBeLessThanOrEqual(8);
  });
});
