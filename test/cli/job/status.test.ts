import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { submitBatchFile } from "../../../src/job.js";
import { startJob, toLines } from "../../job/start-job.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

/** A server that keeps what it was sent, and knows nothing. */
async function startStranger(): Promise<{ readonly url: string; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.url} ${JSON.stringify(request.headers)}`);
    response.writeHead(404, { "content-type": "application/json" }).end('{"error":{"message":"no"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, heard };
}

function changeRecord(folder: string, change: (record: Record<string, unknown>) => object): void {
  const path = join(folder, "job.json");
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, "utf8")))));
}

test("without a file it tells of every job in the folder, and asks the server on this machine without being told where", async () => {
  await using own = await startJob(3, { stageMs: { in_progress: 60_000 } });
  await submitBatchFile(own.file, { ...own.own, wait: false });
  writeFileSync(join(own.folder, "other.jsonl"), toLines(1, 2));
  await submitBatchFile(join(own.folder, "other.jsonl"), {
    ...own.own,
    wait: false,
    output: join(own.folder, "elsewhere.jsonl"),
  });
  const { exit, out } = await runCli(["status"], { cwd: own.folder });
  expect(out).toMatch(/^other\.jsonl: 2 requests, to http[\s\S]*\n\nrequests\.jsonl: 3 requests, to http/);
  expect(out).toContain("0 succeeded, 0 failed, 3 at the service");
  expect(out).toMatch(/Next: openbatch submit other\.jsonl --base-url \S+ --output elsewhere\.jsonl/);
  expect(exit).toBe(0);
  const json = JSON.parse((await runCli(["status", "--json"], { cwd: own.folder })).out);
  expect(json.jobs.map(({ atService }: { atService: number }) => atService)).toEqual([2, 3]);
});

test("several files may be named; one of which there is no job is told, and the others are shown", async () => {
  await using own = await startJob(3);
  await submitBatchFile(own.file, own.own);
  writeFileSync(join(own.folder, "other.jsonl"), toLines(1, 2));
  const { exit, out } = await runCli(["status", "other.jsonl", "requests.jsonl"], { cwd: own.folder });
  expect(out).toContain(
    "There is no job of other.jsonl: neither other.job nor other.rehearsal.job is there.",
  );
  expect(out).toContain("3 succeeded, 0 failed");
  expect(exit).toBe(2);
});

test("a job that has ended is told without its service, and without a key", async () => {
  await using own = await startJob(2, { apiKey: "the-key-of-the-server" });
  await submitBatchFile(own.file, { ...own.own, output: join(own.folder, "requests.results.jsonl") });
  await own.server.close();
  const { exit, out } = await runCli(["status", "requests.jsonl"], { cwd: own.folder });
  expect(out).toContain("2 succeeded, 0 failed");
  expect(exit).toBe(0);
});

test("a folder from a stranger takes nobody's key", async () => {
  await using own = await startJob(2, { stageMs: { in_progress: 60_000 } });
  await submitBatchFile(own.file, { ...own.own, wait: false });
  const stranger = await startStranger();
  const env = { OPENAI_API_KEY: "sk-the-users-own-key-0123456789", OTHER_KEY: "another-key-of-the-user" };
  for (const target of [stranger.url, stranger.url.replace("127.0.0.1", "stranger.example")]) {
    changeRecord(own.job, (record) => ({ ...record, target, provider: "openai" }));
    for (const flags of [
      [],
      ["--api-key-env", "OTHER_KEY"],
      ["--header", "api-key: another-key-of-the-user"],
    ]) {
      for (const file of [[], ["requests.jsonl"]])
        await runCli(["status", ...file, ...flags], { cwd: own.folder, env });
    }
  }
  expect(stranger.heard.join("\n")).not.toMatch(/users-own-key|another-key/);
  const { exit, error } = await runCli(["status", "requests.jsonl"], { cwd: own.folder, env });
  expect(error).toContain("The job is at http://stranger.example");
  expect(exit).toBe(2);
});

test("a record that names files elsewhere makes none there", async () => {
  await using own = await startJob(2);
  await submitBatchFile(own.file, own.own);
  const outside = temporaryFolder();
  changeRecord(own.job, (record) => ({ ...record, output: join(outside, "new", "x.jsonl") }));
  await runCli(["status"], { cwd: own.folder });
  expect(existsSync(join(outside, "new"))).toBe(false);
  changeRecord(own.job, (record) => ({ ...record, parts: [null] }));
  expect((await runCli(["status"], { cwd: own.folder })).out).toContain("There is no job");
});

test("nothing of a record steers a terminal", async () => {
  await using own = await startJob(2, { stageMs: { in_progress: 60_000 } });
  await submitBatchFile(own.file, { ...own.own, wait: false });
  changeRecord(own.job, (record) => ({
    ...record,
    target: "http://stranger.example/\u001B[2J",
    parts: [
      { number: 1, requests: 2, intent: "x", state: "submitted", batch: "b\u001B[31m", word: "w\u001B[32m" },
    ],
  }));
  writeFileSync(join(own.job, "story.jsonl"), '{"at":"\\u001b[2J","part":1,"state":"merged","results":1}\n');
  for (const flags of [[], ["--json"], ["--explain"]]) {
    const { out, error } = await runCli(["status", ...flags], { cwd: own.folder });
    expect(out + error).not.toContain("\u001B");
    expect(out).not.toBe("");
  }
});

test("a folder of jobs may be moved", async () => {
  await using own = await startJob(2);
  await submitBatchFile(own.file, own.own);
  const moved = join(temporaryFolder(), "moved");
  cpSync(own.folder, moved, { recursive: true });
  rmSync(own.folder, { recursive: true });
  expect((await runCli(["status"], { cwd: moved })).out).toContain("2 succeeded");
  renameSync(join(moved, "requests.jsonl"), join(moved, "away.jsonl"));
  const { out, exit } = await runCli(["status"], { cwd: moved });
  expect(out).toContain("requests.jsonl");
  expect(exit).toBe(2);
});

test("where there is no job, it says how to begin one", async () => {
  const cwd = temporaryFolder();
  expect(await runCli(["status"], { cwd })).toMatchObject({
    exit: 0,
    out: "There is no job whose results are in this folder.\nNext: openbatch submit FILE\n",
  });
  expect(JSON.parse((await runCli(["status", "--json"], { cwd })).out)).toEqual({ jobs: [] });
});

test("--explain tells what happened to a job, without asking anybody", async () => {
  await using own = await startJob(3);
  await submitBatchFile(own.file, own.own);
  await own.server.close();
  const { out, exit } = await runCli(["status", "--explain"], { cwd: own.folder });
  const lines = out.split("\n").map((line) => line.replace(/^\S+ \S+ {2}/, ""));
  expect(lines).toEqual([
    "requests.jsonl: what happened to its job (times are UTC)",
    "part 1: 3 requests for gpt-4o-mini (/v1/chat/completions), round 1: to be uploaded",
    expect.stringMatching(/^part 1: uploaded as file-/),
    "part 1: the batch is to be made",
    expect.stringMatching(/^part 1: is the batch batch_\S+: validating$/),
    "part 1: has ended: completed, 3 of 3 done",
    "part 1: 3 results put into the results file",
    "part 1: its files at the service are deleted",
    "",
  ]);
  expect(exit).toBe(0);
  const json = await runCli(["status", "requests.jsonl", "--explain", "--json"], { cwd: own.folder });
  expect(JSON.parse(json.out).story[0]).toMatchObject({
    part: 1,
    text: expect.stringContaining("3 requests"),
  });
});

test("it ends with 1 where requests have failed or have no result, and with 3 where a part was refused", async () => {
  await using lost = await startJob(3, { trouble: { missingLines: ["r2"] } });
  await submitBatchFile(lost.file, { ...lost.own, rounds: 0 });
  // Another submit would send it again.
  const under = await runCli(["status"], { cwd: lost.folder });
  expect(under).toMatchObject({ exit: 0, out: expect.stringContaining("1 to be submitted") });
  await submitBatchFile(lost.file, lost.own);
  expect(await runCli(["status"], { cwd: lost.folder })).toMatchObject({ exit: 1 });
  await using refused = await startJob(2, { models: ["another"] });
  await submitBatchFile(refused.file, refused.own).catch(() => undefined);
  expect(await runCli(["status"], { cwd: refused.folder })).toMatchObject({ exit: 3 });
});

test("openbatch results finds what a job has filled, also where that was named otherwise", async () => {
  await using own = await startJob(2);
  const [output, another] = ["elsewhere.jsonl", "another.jsonl"].map((name) => join(own.folder, name));
  await submitBatchFile(own.file, { ...own.own, output: output ?? "" });
  const { out, exit } = await runCli(["results", "requests.jsonl"], { cwd: own.folder });
  expect(out).toContain("all 2 requests answered\n    results: elsewhere.jsonl");
  expect(exit).toBe(0);
  await submitBatchFile(own.file, { ...own.own, output: another ?? "" });
  const several = await runCli(["results", "requests.jsonl"], { cwd: own.folder });
  expect(several).toMatchObject({ exit: 2 });
  expect(several.error).toContain("Its jobs have filled another.jsonl and elsewhere.jsonl.");
});
