import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { readRows } from "../../../src/rows/index.js";
import {
  answerLine,
  chatAnswerLine,
  chatLine,
  cityLine,
  failureLine,
  requestLine,
  unansweredLine,
} from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const below = temporaryFolder();
const city = (name: string, population = 1): string => JSON.stringify({ city: name, population });

/** A batch in which whatever can happen has happened. */
const requests = [
  cityLine("usable"),
  cityLine("refused"),
  cityLine("truncated"),
  cityLine("filtered"),
  cityLine("empty"),
  cityLine("not-json"),
  cityLine("mismatch"),
  cityLine("bad-schema", { type: "no such type" }),
  chatLine("limited"),
  chatLine("too-long"),
  chatLine("expired"),
  chatLine("cancelled"),
  chatLine("missing"),
  chatLine("unreadable"),
];

const output = [
  chatAnswerLine("mismatch", '{"city":5,"population":"many"}'),
  chatAnswerLine("usable", city("Paris", 2_000_000)),
  chatAnswerLine("refused", null, { message: { refusal: "I cannot help with that." } }),
  chatAnswerLine("truncated", '{"city":"Par', { finish: "length" }),
  chatAnswerLine("filtered", "{", { finish: "content_filter" }),
  chatAnswerLine("empty", ""),
  chatAnswerLine("not-json", "Paris, of course"),
  chatAnswerLine("bad-schema", city("Rome")),
  chatAnswerLine("nobody-asked", "Hello"),
];

const errors = [
  failureLine("limited", 429, {
    code: "rate_limit_exceeded",
    message: "Limit 30000, used 29999 in org-abcdef1234567890.",
  }),
  failureLine("too-long", 400, { code: "context_length_exceeded", message: "The maximum is 128000 tokens." }),
  unansweredLine("expired", "batch_expired"),
  unansweredLine("cancelled", "batch_cancelled"),
  '{"id":"batch_req_9","custom_id":"unreadable","response":{"status_code":200,"bo',
  "<<<<<<< HEAD",
];

function writeEverything(): string {
  return writeFolder(below, {
    "requests.jsonl": requests,
    "requests.results.jsonl": [...output, ...errors],
    "output.jsonl": output,
    "errors.jsonl": errors,
  });
}

/** A batch in which all is well. */
function writeGood(): string {
  return writeFolder(below, {
    "requests.jsonl": [cityLine("a"), cityLine("b")],
    "requests.results.jsonl": [chatAnswerLine("b", city("Rome", 3)), chatAnswerLine("a", city("Paris", 2))],
  });
}

async function run(cwd: string, ...args: readonly string[]) {
  return runCli(["results", ...args], { cwd });
}

async function runJson(cwd: string, ...args: readonly string[]) {
  const outcome = await run(cwd, ...args, "--json");
  return { ...outcome, json: JSON.parse(outcome.out) };
}

async function readCells(path: string): Promise<unknown[]> {
  const cells: unknown[] = [];
  for await (const row of readRows(path)) cells.push(row.cells);
  return cells;
}

describe("the summary", () => {
  test("counts every status and every problem, and exits with 1", async () => {
    const { exit, out, error } = await run(writeEverything(), "requests.jsonl");
    expect(exit).toBe(1);
    expect(out).toContain("requests.jsonl: 1 of 14 requests with a usable answer");
    expect(out).toContain("results: requests.results.jsonl");
    expect(out).toContain("status: succeeded 8, failed 2, expired 1, cancelled 1, missing 1, unreadable 1");
    const problems = /problems: (.*)/.exec(out)?.[1]?.split(", ").sort();
    expect(problems).toEqual([
      "empty_answer 1",
      "filtered_answer 1",
      "invalid_json_answer 1",
      "invalid_schema 1",
      "refused_answer 1",
      "schema_mismatch 1",
      "truncated_answer 1",
    ]);
    expect(out).toContain("broken rules: 1 × parsed.city: type (must be string)\n");
    expect(out).toMatch(/failures: .*429 rate_limit_exceeded 1/);
    expect(out).toMatch(/failures: .*400 context_length_exceeded 1/);
    expect(out).toContain("tokens: 80 input (32 cached), 40 output (16 reasoning), 120 in all");
    expect(out).toContain("models: gpt-4o-mini-2024-07-18 8");
    expect(error).toContain("warning: 2 lines belong to no result: ");
    expect(error).toContain("1 of a request that is not in the batch file");
    expect(error).toContain(
      "1 not one whole JSON object (requests.results.jsonl:9, requests.results.jsonl:15)",
    );
    expect(out).toContain("openbatch results requests.jsonl --failed");
    expect(out).toContain("openbatch results requests.jsonl --retry-file requests.retry.jsonl");
  });

  test("is the same of several results files, and names them in the next commands", async () => {
    const folder = writeEverything();
    const one = await runJson(folder, "requests.jsonl");
    const two = await runJson(
      folder,
      "requests.jsonl",
      "--results",
      "output.jsonl",
      "--results",
      "errors.jsonl",
    );
    expect(two.json.counts).toEqual(one.json.counts);
    expect(two.json.results).toEqual(["output.jsonl", "errors.jsonl"]);
    expect(two.json.next[0]).toBe(
      "openbatch results requests.jsonl --results output.jsonl --results errors.jsonl --failed",
    );
  });

  test("exits with 0 where every request has a usable answer", async () => {
    const { exit, out, error } = await run(writeGood(), "requests.jsonl");
    expect({ exit, error }).toEqual({ exit: 0, error: "" });
    expect(out).toContain("requests.jsonl: all 2 requests answered");
    expect(out).toMatch(/Next:\n {2}openbatch results requests\.jsonl --join TABLE --to answers\.csv\n$/);
  });

  test("is one object with --json", async () => {
    const { exit, json } = await runJson(writeEverything(), "requests.jsonl");
    expect(exit).toBe(1);
    expect(json).toMatchObject({
      requests: "requests.jsonl",
      results: ["requests.results.jsonl"],
      isRehearsal: false,
      counts: { total: 14, succeeded: 8, failed: 2, missing: 1, strays: 2 },
      usable: 1,
      problems: 7,
      usage: { answers: 8, input_tokens: 80, output_tokens: 40 },
      strays: { count: 2 },
    });
    const limited = json.causes.find(({ code }: { code: string }) => code === "rate_limit_exceeded");
    expect(limited).toMatchObject({
      status: "failed",
      statusCode: 429,
      retryable: true,
      custom_ids: ["limited"],
    });
  });

  test("says of a batch file whose results are those of a rehearsal that they are made up", async () => {
    const folder = writeFolder(below, {
      "requests.jsonl": [chatLine("a")],
      "requests.rehearsal.jsonl": [chatAnswerLine("a", "made up")],
    });
    const { exit, out, error } = await run(folder, "requests.jsonl");
    expect(exit).toBe(0);
    expect(out).toContain("results: requests.rehearsal.jsonl");
    expect(error).toContain("they come from a rehearsal");
  });

  test("prefers real results to those of a rehearsal", async () => {
    const folder = writeFolder(below, {
      "requests.jsonl": [chatLine("a")],
      "requests.rehearsal.jsonl": [],
      "requests.results.jsonl": [chatAnswerLine("a", "real")],
    });
    const { error, out } = await run(folder, "requests.jsonl");
    expect(out).toContain("results: requests.results.jsonl");
    expect(error).toBe("");
  });

  test("reads a results file alone, and says what it cannot know then", async () => {
    const folder = writeEverything();
    const { exit, json, error } = await runJson(folder, "output.jsonl");
    expect(exit).toBe(1);
    expect(json.requests).toBeUndefined();
    expect(json.counts.total).toBe(9);
    expect(error).toContain("output.jsonl is read as a results file, without its batch file");
    const both = await runJson(folder, "output.jsonl", "--results", "errors.jsonl");
    expect(both.json.results).toEqual(["output.jsonl", "errors.jsonl"]);
  });

  test("reads results from standard input, and compressed ones", async () => {
    const folder = writeEverything();
    const { out, exit } = await runCli(["results", "-"], {
      cwd: folder,
      input: `${chatAnswerLine("a", "Hi")}\n`,
    });
    expect({ exit, first: out.split("\n")[0] }).toEqual({
      exit: 0,
      first: "standard input: 1 request answered",
    });
    writeFileSync(join(folder, "output.jsonl.gz"), gzipSync(output.join("\n")));
    expect((await runJson(folder, "output.jsonl.gz")).json.counts.total).toBe(9);
  });

  test("is the same of files with CR LF, compressed or not, and so is what is made of them", async () => {
    const folder = writeEverything();
    const { json: plain } = await runJson(folder, "requests.jsonl", "--results", "requests.results.jsonl");
    const toBytes = (lines: readonly string[]) => Buffer.from(`${lines.join("\r\n")}\r\n`);
    const results = toBytes([...output, ...errors]);
    for (const [ending, pack] of [
      ["jsonl", (bytes: Buffer) => bytes] as const,
      ["jsonl.gz", gzipSync] as const,
    ]) {
      writeFileSync(join(folder, `crlf.${ending}`), pack(toBytes(requests)));
      writeFileSync(join(folder, `crlf-results.${ending}`), pack(results));
      const files = [`crlf.${ending}`, "--results", `crlf-results.${ending}`];
      const made = ["--retry-file", "again.jsonl", "--to", "crlf.csv", "--overwrite"];
      const { json, exit } = await runJson(folder, ...files, ...made);
      expect(exit).toBe(1);
      expect(json.counts).toEqual(plain.counts);
      expect(json.causes).toEqual(plain.causes);
      expect(await readCells(join(folder, "crlf.csv"))).toHaveLength(14);
      const again = readFileSync(join(folder, "again.jsonl"), "utf8");
      expect(again).not.toContain("\r");
      expect(again.trimEnd().split("\n")).toEqual(
        requests.filter((line) => /"(?:limited|expired|cancelled|missing|unreadable)"/.test(line)),
      );
    }
  });

  test("of no result at all is no success", async () => {
    const folder = writeFolder(below, { "requests.jsonl": "", "requests.results.jsonl": "" });
    const { exit, error } = await run(folder, "requests.jsonl");
    expect(exit).toBe(1);
    expect(error).toContain("There is no result at all");
  });

  test("lets no id or message steer the terminal", async () => {
    const folder = writeFolder(below, {
      "requests.jsonl": [chatLine("\u001b[31mred\u202e")],
      "requests.results.jsonl": [
        failureLine("\u001b[31mred\u202e", 400, {
          code: "bad\u001b[2J",
          message: "Do not\u001b[2J clear\r the screen.",
        }),
      ],
    });
    const { out, error } = await run(folder, "requests.jsonl", "--failed");
    expect(out + error).not.toMatch(/[\u001b\r\u202e]/);
    expect(out).toContain("\\u001b[31mred\\u202e");
  });
});

describe("the time", () => {
  test("is told by the record that a run keeps, and so is a rehearsal under another name", async () => {
    const folder = writeFolder(below, { "requests.jsonl": [chatLine("a")] });
    await runCli(["run", "requests.jsonl", "--rehearse", "--output", "own.jsonl"], { cwd: folder });
    const { out, error } = await run(folder, "requests.jsonl", "--results", "own.jsonl");
    expect(out).toMatch(/time: [\d.]+ m?s, 1 attempt, [\d.]+ s a request, [\d.]+ s at the most/);
    expect(error).toContain("they come from a rehearsal");
    const { json } = await runJson(folder, "requests.jsonl", "--results", "own.jsonl");
    expect(json.isRehearsal).toBe(true);
    expect(json.time).toMatchObject({ runs: 1, state: "completed", attempts: 1, isRehearsal: true });
  });

  test("is that of the runs also where the results file has another ending", async () => {
    const folder = writeFolder(below, { "requests.jsonl": [chatLine("a")] });
    await runCli(["run", "requests.jsonl", "--rehearse", "--output", "own"], { cwd: folder });
    const { json } = await runJson(folder, "requests.jsonl", "--results", "own");
    expect(json.time).toMatchObject({ runs: 1, state: "completed" });
  });

  test("comes with a word on a run that did not get to its end", async () => {
    const end = { state: "stopped", cause: "no_permission", left: 1, cut_off: 0 };
    const folder = writeRecorded(90_000, { run: "ended", ended_at: "2026-11-01T02:05:00.000Z", ...end });
    const { out, error } = await run(folder, "requests.jsonl");
    expect(out).toContain("time: 2 h 5 min, 2 attempts, 1 min 30 s a request, 1 min 30 s at the most");
    expect(error).toContain(
      "The last run was stopped (no_permission): the same openbatch run command goes on with the 1 request without a result.",
    );
  });

  /** The files of a run that has its first result, after so many milliseconds, and no end unless it is given. */
  function writeRecorded(ms: number, ...end: readonly object[]): string {
    const start = {
      run: "started",
      started_at: "2026-11-01T00:00:00.000Z",
      batch_file: { bytes: 1, sha256: "x", requests: 2 },
      target: "http://127.0.0.1:1/v1",
      model: null,
      rehearsal: false,
      settings: {},
    };
    const record = [start, { custom_id: "a", attempts: 2, ms }, ...end];
    return writeFolder(below, {
      "requests.jsonl": ["a", "b"].map((custom_id) => chatLine(custom_id)),
      "requests.results.jsonl": [chatAnswerLine("a", "Hi")],
      "requests.results.run.jsonl": record.map((line) => JSON.stringify(line)),
    });
  }

  test("of a killed run is told as the least that it can be", async () => {
    const folder = writeRecorded(9_000);
    const { out, error } = await run(folder, "requests.jsonl");
    expect(out).toContain("time: at least 9 s, at least 2 attempts, 9 s a request");
    expect(error).toContain("The last run did not get to its end: the same openbatch run command goes on");
    expect(out).toMatch(/Next:\n {2}openbatch run requests\.jsonl\n/);
  });

  test("of a run that left some out leads on to the next run, and to a retry only of what failed", async () => {
    const folder = writeFolder(below, { "requests.jsonl": ["a", "b", "c"].map((id) => chatLine(id)) });
    const args = ["requests.jsonl", "--rehearse", "--limit", "2"];
    await runCli(["run", ...args], { cwd: folder });
    const well = await run(folder, "requests.jsonl");
    expect(well.out).toMatch(
      /\nNext:\n {2}openbatch run requests\.jsonl --rehearse\n {2}openbatch results .* --join /,
    );
    writeFileSync(join(folder, "failed.jsonl"), ["a", "b", "c"].map((id) => `${chatLine(id)}\n`).join(""));
    const faults = ["--fault", "500:a", "--max-retries", "0"];
    await runCli(["run", "failed.jsonl", ...args.slice(1), ...faults], { cwd: folder });
    const { out } = await run(folder, "failed.jsonl", "--results", "failed.rehearsal.jsonl");
    expect(out).toMatch(/Next:\n {2}openbatch run failed\.jsonl --rehearse\n.* --failed\n.* --retry-file /);
  });

  test("of a run under way says so, and nothing of sending again", async () => {
    const folder = writeRecorded(9_000);
    const holder = {
      pid: process.pid,
      host: hostname(),
      process_start: null,
      started_at: "2026-11-01T00:00:00.000Z",
      token: "00000000-0000-4000-8000-000000000001",
    };
    writeFileSync(join(folder, "requests.results.lock"), JSON.stringify(holder));
    const { out, error } = await run(folder, "requests.jsonl");
    expect(error).toMatch(
      new RegExp(
        `^warning: A run is under way \\(process ${process.pid} on .*, since \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\): 1 request has no result yet\\.$`,
        "m",
      ),
    );
    expect(error).not.toContain("goes on");
    expect(out).not.toContain("--retry-file");
    const { json } = await runJson(folder, "requests.jsonl");
    expect(json.time).toMatchObject({ isLeast: true, underWay: { pid: process.pid, host: hostname() } });
    // It goes on by custom_id alone, and has yet to write its first result.
    writeFileSync(join(folder, "requests.results.jsonl"), `${chatAnswerLine("other", "Hi")}\n`);
    expect(await run(folder, "requests.jsonl")).toMatchObject({ exit: 1 });
  });

  test("is left out where there is no record that can be read", async () => {
    const folder = writeGood();
    writeFileSync(join(folder, "requests.results.run.jsonl"), "something else\n");
    const { exit, out } = await run(folder, "requests.jsonl");
    expect(exit).toBe(0);
    expect(out).not.toContain("time:");
  });
});

describe("--failed", () => {
  test("lists causes with their ids, and puts together what differs in numbers alone", async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `r${index}`);
    const folder = writeFolder(below, {
      "requests.jsonl": [...ids, "other"].map((custom_id) => chatLine(custom_id)),
      "requests.results.jsonl": [
        ...ids.map((id, index) =>
          failureLine(id, 429, {
            code: "rate_limit_exceeded",
            message: `Limit 30000, used ${index * 777} by req_abc${index}def0123.`,
          }),
        ),
        failureLine("other", 400, { code: "context_length_exceeded", message: "Too long." }),
      ],
    });
    const { out, exit } = await run(folder, "requests.jsonl", "--failed");
    expect(exit).toBe(1);
    expect(out).toContain("429 rate_limit_exceeded  8 requests failed, worth sending again");
    expect(out).toContain("Limit 30000, used 0 by req_abc0def0123.");
    expect(out).toContain("custom_ids: r0, r1, r2, r3, r4, …");
    expect(out.indexOf("429")).toBeLessThan(out.indexOf("400 context_length_exceeded  1 request failed\n"));
    expect(out).not.toContain("--failed");
  });

  test("lists problems with what to do", async () => {
    const { out } = await run(writeEverything(), "requests.jsonl", "--failed");
    expect(out).toContain("truncated_answer  1 request answered with a problem");
    expect(out).toContain("max_completion_tokens");
    expect(out).toContain("missing_result  1 request missing, worth sending again");
    expect(out).toContain("batch_expired  1 request expired, worth sending again");
    expect(out).toContain("batch_cancelled  1 request cancelled, worth sending again");
  });
});

describe("--to", () => {
  let folder = "";
  beforeAll(() => {
    folder = writeEverything();
  });

  test("writes the columns that were asked for, in the order of the batch file", async () => {
    const columns = "custom_id,status,text,parsed.city,usage.output_tokens,error.message,problem.code";
    const { out, exit } = await run(folder, "requests.jsonl", "--to", "asked.csv", "--columns", columns);
    expect(exit).toBe(1);
    expect(out).toContain("Wrote 14 rows to asked.csv.");
    const rows = (await readCells(join(folder, "asked.csv"))) as Record<string, string>[];
    expect(rows.map(({ custom_id }) => custom_id)).toEqual(
      requests.map((line) => (JSON.parse(line) as { custom_id: string }).custom_id),
    );
    expect(rows[0]).toEqual({
      custom_id: "usable",
      status: "succeeded",
      text: '{"city":"Paris","population":2000000}',
      "parsed.city": "Paris",
      "usage.output_tokens": "5",
      "error.message": "",
      "problem.code": "",
    });
    expect(rows[2]).toMatchObject({
      status: "succeeded",
      "parsed.city": "",
      "problem.code": "truncated_answer",
    });
    expect(rows[9]).toMatchObject({ status: "failed", "error.message": "The maximum is 128000 tokens." });
    expect(rows[12]).toMatchObject({ custom_id: "missing", status: "missing", text: "" });
  });

  test.each(["csv", "tsv", "jsonl", "parquet"])("writes what there is by default, as %s", async (format) => {
    const { json } = await runJson(folder, "requests.jsonl", "--to", `all.${format}`);
    expect(json.table).toEqual({
      rows: 14,
      columns: [
        ...["custom_id", "status", "text", "refusal", "parsed.city", "parsed.population"],
        ...["problem.code", "problem.message", "statusCode", "error.code", "error.message"],
        ...["usage.input_tokens", "usage.output_tokens"],
      ],
      absentColumns: [],
      changedCells: 0,
      deepCells: { count: 0, listed: [] },
    });
    const [first] = (await readCells(join(folder, `all.${format}`))) as Record<string, unknown>[];
    const isText = format === "csv" || format === "tsv";
    expect(first?.["parsed.population"]).toBe(isText ? "2000000" : 2_000_000);
    expect(first?.["usage.output_tokens"]).toBe(isText ? "5" : 5);
  });

  test("says which column no result has, and what was probably meant", async () => {
    const names = "custom_id,parsed.cty,ctiy,usage.outputTokens,nothing_like_it,error.param";
    const { error } = await run(folder, "requests.jsonl", "--to", "typo.csv", "--columns", names);
    expect(error).toContain('No result has "parsed.cty": the column is empty. Did you mean "parsed.city"?');
    expect(error).toContain('No result has "ctiy": the column is empty. Did you mean "city"?');
    expect(error).toContain('"usage.outputTokens": the column is empty. Did you mean "usage.output_tokens"?');
    expect(error).toContain('No result has "nothing_like_it": the column is empty.\n');
    expect(error).not.toContain("error.param");
  });

  test.each(["embedding", "refusal,toolCalls", "error.message,nothing_like_it"])(
    "refuses a table of %s, which no result fills, and leaves what was there",
    async (names) => {
      const place = writeGood();
      writeFileSync(join(place, "empty.csv"), "mine");
      const args = ["--to", "empty.csv", "--overwrite", "--columns"];
      const { exit, error } = await run(place, "requests.jsonl", ...args, names);
      expect(exit).toBe(2);
      expect(error).toContain("error[invalid_option]: No result has anything in ");
      expect(error).toContain("the table would be empty.");
      expect(readFileSync(join(place, "empty.csv"), "utf8")).toBe("mine");
      // Beside a column with something in it they stay, so that tables of many runs are alike.
      expect(await run(place, "requests.jsonl", ...args, `status,${names}`)).toMatchObject({ exit: 0 });
    },
  );

  test("makes formulas harmless, unless they are to be kept", async () => {
    const place = writeFolder(below, {
      "requests.jsonl": [chatLine("a"), chatLine("b")],
      "requests.results.jsonl": [chatAnswerLine("a", "=HYPERLINK(A1)"), chatAnswerLine("b", "-5")],
    });
    await run(place, "requests.jsonl", "--to", "safe.csv", "--columns", "text");
    expect(readFileSync(join(place, "safe.csv"), "utf8")).toBe("text\n'=HYPERLINK(A1)\n-5\n");
    await run(place, "requests.jsonl", "--to", "kept.csv", "--columns", "text", "--keep-formulas");
    expect(readFileSync(join(place, "kept.csv"), "utf8")).toBe("text\n=HYPERLINK(A1)\n-5\n");
  });

  test("writes to standard output with -, and the summary elsewhere", async () => {
    const args = ["--to", "-", "--to-format", "jsonl", "--columns", "custom_id,status"];
    const { out, error } = await run(writeGood(), "requests.jsonl", ...args);
    expect(out).toBe('{"custom_id":"a","status":"succeeded"}\n{"custom_id":"b","status":"succeeded"}\n');
    expect(error).toContain("all 2 requests answered");
  });

  test("replaces nothing unless it is told to", async () => {
    writeFileSync(join(folder, "mine.csv"), "mine");
    const refused = await run(folder, "requests.jsonl", "--to", "mine.csv");
    expect(refused).toMatchObject({ exit: 2, error: expect.stringContaining("--overwrite") });
    expect(readFileSync(join(folder, "mine.csv"), "utf8")).toBe("mine");
    await run(folder, "requests.jsonl", "--to", "mine.csv", "--columns", "status", "--overwrite");
    expect(readFileSync(join(folder, "mine.csv"), "utf8")).toMatch(/^status\nsucceeded\n/);
  });

  test("names a folder or a file where the other belongs, before anything is read", async () => {
    const there = writeEverything();
    mkdirSync(join(there, "folder.csv"));
    for (const args of [
      ["--to", "folder.csv"],
      ["--retry-file", "folder.csv", "--overwrite"],
    ]) {
      const { exit, error } = await run(there, "requests.jsonl", ...args);
      expect({ exit, error }).toMatchObject({ exit: 2, error: expect.stringContaining("error[not_a_file]") });
    }
    const { error } = await run(there, "requests.jsonl", "--images", "requests.jsonl");
    expect(error).toContain("error[not_a_folder]: requests.jsonl is a file");
  });

  test("steers no terminal by the name of a file", async () => {
    const there = writeEverything();
    const odd = "es\u001b[31m\u009b\u202e";
    for (const name of ["requests", "requests.results"]) {
      writeFileSync(
        join(there, `${name.replace("requests", odd)}.jsonl`),
        readFileSync(join(there, `${name}.jsonl`)),
      );
    }
    const files = ["--to", `${odd}.csv`, "--retry-file", `${odd}.again.jsonl`, "--images", odd];
    const { out, error } = await run(there, `${odd}.jsonl`, ...files);
    expect(out).toContain(String.raw`Wrote 14 rows to es\u001b[31m\u009b\u202e.csv.`);
    expect(out).toContain(String.raw`openbatch run $'es\u001b[31m\u009b\u202e.again.jsonl'`);
    expect(out + error).not.toMatch(/[\u001b\u009b\u202e]/);
  });

  test.each([["requests.jsonl"], ["requests.results.jsonl"]])(
    "never writes over %s, which it reads",
    async (source) => {
      const before = readFileSync(join(folder, source), "utf8");
      const { exit, error } = await run(folder, "requests.jsonl", "--to", source, "--overwrite");
      expect(exit).toBe(2);
      expect(error).toContain("was to be written over");
      expect(readFileSync(join(folder, source), "utf8")).toBe(before);
    },
  );
});

describe("--join", () => {
  const rows = "id,text,=odd\nx1,first,1\nx2,second,2\nx3,third,3\n";

  test("puts the answers beside their rows, by the number of the row", async () => {
    const folder = writeFolder(below, {
      "rows.csv": rows,
      "requests.jsonl": ["row-000001", "row-000003", "row-000009"].map((custom_id) => chatLine(custom_id)),
      "requests.results.jsonl": [chatAnswerLine("row-000003", "three"), chatAnswerLine("row-000001", "one")],
    });
    const args = ["--join", "rows.csv", "--to", "joined.csv", "--columns", "text,status"];
    const { out, error } = await run(folder, "requests.jsonl", ...args);
    expect(readFileSync(join(folder, "joined.csv"), "utf8")).toBe(
      "id,text,'=odd,result.text,status\nx1,first,1,one,succeeded\nx2,second,2,,\nx3,third,3,three,succeeded\n",
    );
    expect(out).toContain(
      "Wrote 3 rows of rows.csv with their results to joined.csv, joined by the number of the row.",
    );
    expect(error).toContain("1 cell begins like a formula and got an apostrophe; --keep-formulas leaves it");
    expect(error).toContain("warning: 1 row without a result: 2.");
    expect(error).toContain("warning: 1 result without a row, not in the table: row-000009.");
  });

  test("takes the ids that build makes, whatever kind the table is", async () => {
    const folder = writeFolder(below, {
      "rows.csv": rows,
      "rows.jsonl": ['{"id":"x1","text":"first"}', '{"id":"x2","more":true}', '{"id":"x3"}'],
      "template.yaml":
        "endpoint: /v1/chat/completions\nparameters: {model: gpt-4o-mini}\nmessages: [{role: user, content: 'About {id}'}]\n",
    });
    for (const table of ["rows.csv", "rows.jsonl"]) {
      await runCli(["build", "-t", "template.yaml", "-i", table, "-o", "requests.jsonl", "--overwrite"], {
        cwd: folder,
      });
      writeFileSync(
        join(folder, "requests.results.jsonl"),
        [1, 2, 3].map((number) => `${chatAnswerLine(`row-00000${number}`, `answer ${number}`)}\n`).join(""),
      );
      const args = ["--join", table, "--to", "joined.jsonl", "--columns", "text", "--overwrite"];
      expect(await run(folder, "requests.jsonl", ...args)).toMatchObject({ exit: 0, error: "" });
      const joined = (await readCells(join(folder, "joined.jsonl"))) as Record<string, unknown>[];
      expect(joined.map((row) => row["result.text"])).toEqual(["answer 1", "answer 2", "answer 3"]);
      expect(joined[1]).toMatchObject(table === "rows.csv" ? { text: "second" } : { text: null, more: true });
    }
  });

  test.each([
    ["id", ["x1", "x3"]],
    ["review-{id}", ["review-x1", "review-x3"]],
  ])("joins on %s", async (on, ids) => {
    const folder = writeFolder(below, {
      "rows.tsv": rows.replaceAll(",", "\t"),
      "requests.jsonl": ids.map((custom_id) => chatLine(custom_id)),
      "requests.results.jsonl": ids.map((id) => chatAnswerLine(id, `about ${id}`)),
    });
    const args = ["--join", "rows.tsv", "--on", on, "--to", "joined.jsonl", "--columns", "text"];
    const { exit } = await run(folder, "requests.jsonl", ...args);
    expect(exit).toBe(0);
    const joined = (await readCells(join(folder, "joined.jsonl"))) as Record<string, unknown>[];
    expect(joined.map((row) => row["result.text"])).toEqual([`about ${ids[0]}`, null, `about ${ids[1]}`]);
  });

  test("fails where no row has a result, and leaves nothing behind", async () => {
    const folder = writeFolder(below, {
      "rows.csv": rows,
      "requests.jsonl": [chatLine("other")],
      "requests.results.jsonl": [chatAnswerLine("other", "one")],
    });
    const { exit, error } = await run(folder, "requests.jsonl", "--join", "rows.csv", "--to", "joined.csv");
    expect(exit).toBe(2);
    expect(error).toContain('None of the 3 rows of rows.csv has a result; there are results of "other".');
    expect(error).toContain("--on COLUMN");
    expect(readdirSync(folder).sort()).toEqual(["requests.jsonl", "requests.results.jsonl", "rows.csv"]);
  });

  test("says which column was probably meant by --on", async () => {
    const folder = writeGood();
    writeFileSync(join(folder, "rows.csv"), "name,b\na,1\n");
    const { exit, error } = await run(
      folder,
      "requests.jsonl",
      "--join",
      "rows.csv",
      "--on",
      "nmae",
      "--to",
      "j.csv",
    );
    expect(exit).toBe(2);
    expect(error).toContain('Did you mean "name"?');
  });
});

test("nothing is said of sending again where lines have the shape of another service", async () => {
  for (const id of ["custom_id", "key"]) {
    const folder = writeFolder(below, {
      "requests.jsonl": [chatLine("a")],
      "requests.results.jsonl": [JSON.stringify({ [id]: "a", response: { candidates: [] } })],
    });
    const { out, error } = await run(folder, "requests.jsonl", "--failed");
    expect(`${out}${error}`).toContain("Gemini");
    expect(out).not.toContain("--retry-file");
  }
});

describe("--retry-file", () => {
  test("writes the lines of what is worth sending again, byte for byte", async () => {
    const folder = writeEverything();
    const odd = requests.map((line) => line.replace('"custom_id":', '"custom_id" :  '));
    writeFileSync(join(folder, "requests.jsonl"), `${odd.join("\n")}\n`);
    const { exit, out } = await run(folder, "requests.jsonl", "--retry-file", "again.jsonl");
    expect(exit).toBe(1);
    const again = readFileSync(join(folder, "again.jsonl"), "utf8");
    const wanted = ["limited", "expired", "cancelled", "missing", "unreadable"];
    expect(again).toBe(
      odd
        .filter((line) => wanted.some((id) => line.includes(`"${id}"`)))
        .map((line) => `${line}\n`)
        .join(""),
    );
    expect(out).toContain(
      "Wrote 5 requests to send again to again.jsonl: 1 failed, 1 expired, 1 cancelled, 1 missing, 1 unreadable.",
    );
    expect(out).toContain("1 failure would only fail again");
    expect(out).toContain("openbatch run again.jsonl");
    expect(out).toContain(
      "openbatch results requests.jsonl --results requests.results.jsonl --results again.results.jsonl",
    );
  });

  test("leads on to the files of what was written, however that is called", async () => {
    const folder = writeEverything();
    const { out } = await run(folder, "requests.jsonl", "--retry-file", "again.ndjson");
    expect(out).toContain("openbatch run again.ndjson");
    expect(out).toContain(
      "openbatch results requests.jsonl --results requests.results.jsonl --results again.results.jsonl",
    );
    writeFileSync(join(folder, "again.results.jsonl"), "");
    const named = ["--results", "requests.results.jsonl", "--results", "again.results.jsonl"];
    expect((await run(folder, "requests.jsonl", ...named)).error).not.toContain("not_a_results_file");
  });

  test("takes answers with a problem too when it is told to", async () => {
    const folder = writeEverything();
    const { json } = await runJson(
      folder,
      "requests.jsonl",
      "--retry-file",
      "again.jsonl",
      "--retry-problems",
    );
    expect(json.retry).toEqual({
      written: 12,
      statuses: { succeeded: 7, failed: 1, expired: 1, cancelled: 1, missing: 1, unreadable: 1 },
      hopeless: 1,
    });
  });

  test("writes nothing where nothing is worth sending again, and says so", async () => {
    const folder = writeGood();
    const { exit, out } = await run(folder, "requests.jsonl", "--retry-file", "again.jsonl");
    expect(exit).toBe(0);
    expect(out).toContain("Nothing of requests.jsonl is worth sending again: again.jsonl was not written.");
    expect(existsSync(join(folder, "again.jsonl"))).toBe(false);
    // One of an earlier time is not to be sent again.
    writeFileSync(join(folder, "again.jsonl"), "{}\n");
    const args = ["requests.jsonl", "--retry-file", "again.jsonl", "--overwrite"];
    expect(await run(folder, ...args)).toMatchObject({ exit: 0 });
    expect(existsSync(join(folder, "again.jsonl"))).toBe(false);
  });

  test("needs the batch file, and replaces nothing unless it is told to", async () => {
    const folder = writeEverything();
    expect(await run(folder, "output.jsonl", "--retry-file", "again.jsonl")).toMatchObject({
      exit: 2,
      error: expect.stringContaining("--retry-file needs the batch file"),
    });
    writeFileSync(join(folder, "again.jsonl"), "mine");
    expect(await run(folder, "requests.jsonl", "--retry-file", "again.jsonl")).toMatchObject({ exit: 2 });
    expect(readFileSync(join(folder, "again.jsonl"), "utf8")).toBe("mine");
  });
});

describe("--images", () => {
  const png = Buffer.from("89504e470d0a1a0a00", "hex").toString("base64");
  const image = (custom_id: string, n = 1): string =>
    requestLine(custom_id, { model: "gpt-image-1", prompt: "a cat", n }, "/v1/images/generations");

  test("saves what answers hold, and lists what is only named", async () => {
    const url = "https://example.com/cat.png";
    const folder = writeFolder(below, {
      "requests.jsonl": [image("cat", 2), image("../dog"), image("far")],
      "requests.results.jsonl": [
        answerLine("cat", { created: 1, data: [{ b64_json: png }, { b64_json: png }] }),
        answerLine("../dog", { created: 1, data: [{ b64_json: png }] }),
        answerLine("far", { created: 1, data: [{ url }] }),
      ],
    });
    const { exit, out, error } = await run(folder, "requests.jsonl", "--images", "pictures");
    expect(exit).toBe(0);
    expect(out).toContain("Saved 3 images to pictures.");
    expect(error).toContain(`1 image not saved, for only a url names them; nothing was fetched: far ${url}`);
    const names = readdirSync(join(folder, "pictures")).sort();
    expect(names).toEqual(
      [expect.stringMatching(/^__?dog-[0-9a-f]{10}\.png$/), "cat-2.png", "cat.png"].sort(),
    );
    const again = await run(folder, "requests.jsonl", "--images", "pictures");
    expect(again.out).toContain("Saved 3 images to pictures, 3 of them there already.");
  });
});

test("what was written before a failure is named", async () => {
  const folder = writeFolder(below, {
    "requests.jsonl": [requestLine("a", {}, "/v1/images/generations")],
    "requests.results.jsonl": [answerLine("a", { data: [{ b64_json: "iVBORw0KGgo=" }] })],
    pictures: "a file, not a folder",
  });
  const { exit, error } = await run(folder, "requests.jsonl", "--to", "a.csv", "--images", "pictures/all");
  expect(exit).toBe(2);
  expect(error).toContain("Written before that, and whole: a.csv.");
  expect(error).toContain("not_a_folder");
});

describe("the command line", () => {
  test("refuses a results file of which no line can be read, and goes past lines of one that can", async () => {
    const folder = writeFolder(below, {
      "requests.jsonl": [chatLine("a")],
      "index.js": ["export const one = 1;", "", "console.log(one);"],
      "other.js": ["export const two = 2;"],
      "output.jsonl": ["<<<<<<< HEAD", chatAnswerLine("a", "Hi")],
    });
    const both = ["--results", "index.js", "--results", "other.js"];
    expect(await run(folder, "requests.jsonl", ...both.slice(0, 2))).toMatchObject({
      exit: 2,
      out: "",
      error: expect.stringContaining(
        "error[not_a_results_file]: index.js is no results file: no line is one whole JSON object.",
      ),
    });
    const { error } = await run(folder, "requests.jsonl", ...both);
    expect(error).toContain("index.js, other.js are no results files");
    expect(await run(folder, "requests.jsonl", "--results", "output.jsonl")).toMatchObject({ exit: 0 });
  });

  test("refuses results of which none belongs to the batch file, and suggests to send nothing again", async () => {
    const folder = writeFolder(below, {
      "requests.jsonl": [chatLine("a"), chatLine("b")],
      "requests.results.jsonl": [chatAnswerLine("x\u001b[2J y", "Hi"), chatAnswerLine("z", "Hi")],
      "settings.json": ['{"compilerOptions":{}}'],
      "output.jsonl": [chatAnswerLine("x", "Hi"), chatAnswerLine("b", "Hi")],
      "more.jsonl": [chatLine("c"), chatLine("b"), chatLine("a")],
    });
    const named = await run(folder, "requests.jsonl", "--results", "requests.results.jsonl");
    expect(named).toMatchObject({ exit: 2, out: "" });
    expect(named.error).toBe(
      `error[not_a_results_file]: No line of requests.results.jsonl belongs to a request of requests.jsonl: 2 lines, the first custom_id "x\\u001b[2J y", where requests.jsonl begins with a.
hint: Name the results of this batch file, or the batch file of these results: openbatch results REQUESTS --results FILE.
`,
    );
    const refused = [
      ["requests.jsonl"],
      ["requests.jsonl", "--results", "settings.json"],
      ["requests.jsonl", "--id", "a"],
      ["requests.jsonl", "output.jsonl", "--compare", "settings.json"],
      ["requests.jsonl", "--to", "a.csv", "--retry-file", "again.jsonl"],
    ];
    for (const args of refused) {
      const { exit, out, error } = await run(folder, ...args);
      expect({ args, exit, out }).toEqual({ args, exit: 2, out: "" });
      expect(error).toContain("belongs to a request of requests.jsonl: ");
    }
    expect(await run(folder, "requests.jsonl", "output.jsonl", "settings.json")).toMatchObject({ exit: 1 });
    // As after rows were added.
    expect(await run(folder, "more.jsonl", "output.jsonl")).toMatchObject({ exit: 1 });
    expect(readdirSync(folder)).not.toContain("again.jsonl");
  });

  test.each([
    [["requests.jsonl", "--columns", "text"], "--columns needs --to."],
    [["requests.jsonl", "--join", "rows.csv"], "--join needs --to."],
    [["requests.jsonl", "--on", "id"], "--on needs --join."],
    [["requests.jsonl", "--to-format", "csv"], "--to-format needs --to."],
    [["requests.jsonl", "--no-header"], "--no-header needs --join."],
    [["requests.jsonl", "--retry-problems"], "--retry-problems needs --retry-file."],
    [["requests.jsonl", "--to", "-", "--to-format", "csv", "--json"], "both want standard output"],
    [["requests.jsonl", "--to", "-"], "--to-format"],
    [["requests.jsonl", "--to", "a.ods"], "--to-format"],
    [["requests.jsonl", "--to", "a.jsonl", "--retry-file", "./a.jsonl"], "named twice"],
    [["requests.jsonl", "--to", "absent/a.csv"], "There is no folder absent"],
    [["absent.jsonl"], "absent.jsonl"],
    [["requests.jsonl", "--results", "absent.jsonl"], "absent.jsonl"],
    [["requests.jsonl", "absent.jsonl", "--json"], "There is no file absent.jsonl."],
    [[], "Missing required argument"],
  ])("refuses %j", async (args, message) => {
    const outcome = await run(writeGood(), ...args);
    expect(outcome.exit).toBe(2);
    expect(outcome.error).toContain(message);
  });

  test("names the files that it looked for", async () => {
    const folder = writeFolder(below, { "requests.jsonl": [chatLine("a")] });
    const { exit, error } = await run(folder, "requests.jsonl");
    expect(exit).toBe(2);
    expect(error).toContain("neither requests.results.jsonl nor requests.rehearsal.jsonl");
    expect(error).toContain("--results output.jsonl --results errors.jsonl");
  });

  test("shows examples with --help", async () => {
    const { exit, out } = await run(below, "--help");
    expect(exit).toBe(0);
    expect(out).toContain("openbatch results requests.jsonl --join rows.csv --to answers.parquet");
  });
});
