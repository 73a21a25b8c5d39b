import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { noUsage } from "../../../src/api/index.js";
import {
  type ExecuteBatchFileOptions,
  executeBatchFile,
  RunSummary,
  type RunSummaryFields,
  readRunRecord,
} from "../../../src/execute.js";
import { openResults } from "../../../src/results/reader/open-results.js";
import { summarizeResults } from "../../../src/results/summary/summarize-results.js";
import { readLines, requestIds, toLines, writeRequests } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { type Reply, startLoopbackServer } from "../loopback-server.js";

const root = temporaryFolder();
let number = 0;

function prepare(count = 10) {
  number += 1;
  const folder = join(root, `${number}`);
  mkdirSync(folder);
  const file = join(folder, "requests.jsonl");
  writeRequests(file, requestIds(count));
  return { folder, file, output: join(folder, "requests.results.jsonl") };
}

const refusal = (error: object, status = 400): Reply => ({ status, body: { error } });

/** By the number at the end of the request's id. */
function startServer(reply: (request: number) => Reply | undefined) {
  return startLoopbackServer(({ body }) => reply(Number(/about request-(\d+)\./.exec(body)?.[1])));
}

test("the causes of failures are those that the results have, those of an earlier run too", async () => {
  const { file, output } = prepare(12);
  const replies: (Reply | undefined)[] = [
    undefined,
    refusal({ message: "No.", code: "invalid_value", type: "invalid_request_error" }),
    refusal({ message: "No.", code: null, type: "server_error" }, 422),
    { status: 200, body: { error: { message: "No.", code: "odd" } } },
    refusal({ message: "No." }),
    undefined,
  ];
  await using server = await startServer((request) => replies[request % 6]);
  const first = await executeBatchFile(file, { baseURL: server.baseURL, limit: 6 });
  const counts = (count: number) =>
    [
      { statusCode: 400, code: "invalid_value", count },
      { statusCode: 422, code: "server_error", count },
      { statusCode: 200, code: "odd", count },
      { statusCode: 400, code: "request_failed", count },
    ].sort((one, other) => one.code.localeCompare(other.code));
  const sorted = ({ failures }: RunSummary) =>
    [...failures].sort((one, other) => one.code.localeCompare(other.code));
  expect(sorted(first)).toEqual(counts(1));
  const second = await executeBatchFile(file, { baseURL: server.baseURL });
  expect(second).toMatchObject({ succeeded: 4, failed: 8 });
  expect(sorted(second)).toEqual(counts(2));
  await using results = await openResults({ requests: file, results: output });
  const { causes } = await summarizeResults(results);
  const same = causes.map(({ statusCode, code, count }) => ({ statusCode, code, count }));
  expect(same).toEqual(expect.arrayContaining(counts(2)));
  expect(same).toHaveLength(4);
});

test("a request with a failure and a success has no cause", async () => {
  const { file, output } = prepare(1);
  await using server = await startServer(() => refusal({ message: "No.", code: "no" }));
  await executeBatchFile(file, { baseURL: server.baseURL });
  const [line] = readLines(output);
  appendFileSync(output, toLines([{ ...line, response: { status_code: 200, body: {} } }]));
  expect(await executeBatchFile(file, { baseURL: server.baseURL })).toMatchObject({
    failed: 0,
    failures: [],
  });
});

test("many causes are bounded, short, and without control characters", async () => {
  const { file } = prepare(30);
  await using server = await startServer((request) =>
    refusal({ message: "No.", code: `\u001b[31m${request}${"x".repeat(100)}` }),
  );
  const options: ExecuteBatchFileOptions = { baseURL: server.baseURL, concurrency: 1 };
  const check = ({ failures }: RunSummary) => {
    expect(failures).toHaveLength(21);
    expect(failures[0]).toEqual({ statusCode: undefined, code: "other", count: 10 });
    expect(failures[1]?.code).toMatch(/^\\u001b\[31m0x+…$/);
    expect(failures[1]?.code.length).toBeLessThan(80);
  };
  const summary = await executeBatchFile(file, options);
  check(summary);
  expect(`${summary}`).toMatch(/\n {4}failures: 400 \S+ 1, (?:400 \S+ 1, ){4}others 25\n/);
  check(await executeBatchFile(file, options));
});

test("results that are no longer there are told of before they are asked for again", async () => {
  const { file, output } = prepare();
  await using server = await startServer(() => undefined);
  const options = { baseURL: server.baseURL };
  expect(await executeBatchFile(file, { ...options, limit: 8 })).toMatchObject({ warnings: [] });
  const lines = readFileSync(output, "utf8").split("\n");
  writeFileSync(output, `${lines.slice(0, 5).join("\n")}\n`);
  const warnings: (readonly string[])[] = [];
  await executeBatchFile(file, {
    ...options,
    limit: 6,
    onEvent: (event) => event.kind === "start" && warnings.push(event.warnings),
  });
  expect(warnings).toEqual([[expect.stringContaining("tells of 8 results, and 3 of them are no longer in")]]);
  // Now the record knows it.
  expect(await executeBatchFile(file, options)).toMatchObject({ alreadyDone: 6, warnings: [] });
  rmSync(output);
  const { warnings: all } = await executeBatchFile(file, { ...options, limit: 1 });
  expect(all).toEqual([expect.stringContaining("tells of 10 results, and 10 of them are no longer in")]);
});

test("results of a killed run are told of too, and those of a rehearsal or of one that sends nothing are not", async () => {
  const { file, output } = prepare();
  await using server = await startServer(() => undefined);
  const options = { baseURL: server.baseURL };
  const { record } = await executeBatchFile(file, { ...options, limit: 4 });
  const withoutEnd = readFileSync(record, "utf8").split("\n").slice(0, -2);
  writeFileSync(record, `${withoutEnd.join("\n")}\n`);
  writeFileSync(output, `${readFileSync(output, "utf8").split("\n")[0]}\n`);
  expect(await executeBatchFile(file, { ...options, limit: 1 })).toMatchObject({ attempts: 0, warnings: [] });
  expect((await executeBatchFile(file, options)).warnings).toEqual([
    expect.stringContaining("tells of 4 results, and 3 of them are no longer in"),
  ]);
  const { output: rehearsed } = await executeBatchFile(file, { rehearse: true });
  rmSync(rehearsed);
  expect(await executeBatchFile(file, { rehearse: true })).toMatchObject({ attempts: 10, warnings: [] });
});

test("failed lines that a run takes out itself are not told of", async () => {
  const { file } = prepare();
  await using server = await startServer((request) =>
    request < 5 ? refusal({ message: "No." }) : undefined,
  );
  const options = { baseURL: server.baseURL };
  await executeBatchFile(file, options);
  expect(await executeBatchFile(file, { ...options, retryFailed: true })).toMatchObject({
    attempts: 5,
    warnings: [],
  });
  expect(await executeBatchFile(file, { ...options, retryFailed: true })).toMatchObject({
    attempts: 5,
    warnings: [],
  });
});

test("its files are named as the caller names them, and a link by where it leads", async () => {
  const { folder, file } = prepare();
  const here = (path: string) => relative(process.cwd(), path);
  const named = await executeBatchFile(here(file), { rehearse: true });
  expect(named).toMatchObject({
    batchFile: here(file),
    output: here(join(folder, "requests.rehearsal.jsonl")),
    record: here(join(folder, "requests.rehearsal.run.jsonl")),
  });
  expect((await readRunRecord(named.record)).settled).toBe(10);
  mkdirSync(join(folder, "there"));
  const link = join(folder, "link.jsonl");
  symlinkSync(join(folder, "there", "results.jsonl"), link);
  const linked = await executeBatchFile(file, { rehearse: true, output: link });
  expect(linked.output).toBe(link);
  expect((await readRunRecord(linked.record)).settled).toBe(10);
});

const fields: RunSummaryFields = {
  batchFile: "a.jsonl",
  output: "a.results.jsonl",
  record: "a.results.run.jsonl",
  target: "http://x/v1",
  isRehearsal: false,
  requests: 10,
  selected: 10,
  succeeded: 10,
  failed: 0,
  alreadyDone: 0,
  pending: 0,
  attempts: 10,
  retries: 0,
  failures: [],
  problems: [],
  usage: noUsage,
  cutShort: 0,
  latencies: undefined,
  memory: undefined,
  pauses: [],
  seconds: 2,
  readingSeconds: 0.2,
  mayBeSentTwice: 0,
  notes: [],
  warnings: [],
};

test("answers with a problem have succeeded, and are counted beside", async () => {
  const file = join(root, "problems.jsonl");
  writeRequests(file, ["a", "b", "c"]);
  await using server = await startLoopbackServer(({ number }) => ({
    body: {
      choices: [
        { index: 0, message: { content: "Half" }, finish_reason: number === 1 ? "stop" : "max_tokens" },
      ],
    },
  }));
  const summary = await executeBatchFile(file, { baseURL: server.baseURL });
  expect(summary).toMatchObject({ succeeded: 3, failed: 0 });
  expect(summary.problems).toEqual([{ statusCode: undefined, code: "truncated_answer", count: 2 }]);
  expect(`${summary}`).toContain("problems among this run's answers: truncated_answer 2\n");
});

test("a rate is that of the sending, and a long reading is told beside it", () => {
  const text = (change: Partial<RunSummaryFields>) => `${new RunSummary({ ...fields, ...change })}`;
  expect(text({})).toContain("10 attempts, 0 retries, 2.0 s, 5 requests/s\n");
  expect(text({ readingSeconds: 21.04 })).toContain("2.0 s, 5 requests/s, after 21.0 s of reading\n");
  expect(text({ readingSeconds: 21.04, attempts: 0, alreadyDone: 10 })).toContain(
    "nothing was sent, after 21.0 s of reading\n",
  );
});

test("the summary tells latencies, tokens a second, and what kept requests from being sent", () => {
  const usage = { ...noUsage, input_tokens: 4000, output_tokens: 2000, total_tokens: 6000 };
  const text = `${new RunSummary({
    ...fields,
    usage,
    latencies: { p50: 120, p95: 1340, p99: 61_000 },
    memory: { requests: 33, bytes: 64_000_000 },
    pauses: [{ reason: "status 429", ms: 12_300 }],
  })}`;
  expect(text).toContain("latency: p50 120 ms, p95 1.3 s, p99 61 s\n");
  expect(text).toContain("paused: 12 s (status 429)\n");
  expect(text).toContain(
    "held at 33 requests at once by 64 MB for bodies: memoryInFlight (--memory-in-flight)\n",
  );
  expect(text).toContain("4,000 tokens in, 2,000 tokens out, 3,000 tokens/s\n");
});
