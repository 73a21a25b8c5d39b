import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { displayWidth } from "../../../src/cli/frame/display-width.js";
import { chatAnswerLine, chatLine, cityLine, embeddingLine, failureLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const below = temporaryFolder();

/** Whatever could steer a terminal, but for the ends of lines. */
const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const hostile = "\u001b]0;title\u0007\u001b[2J\r\u202elived\u0085";

function write(): string {
  return writeFolder(below, {
    "requests.jsonl": [
      cityLine("good"),
      cityLine("wrong"),
      cityLine("cut"),
      chatLine("hostile", {
        messages: [{ role: `system${hostile}`, content: `${"東京は日本の首都です。".repeat(20)}${hostile}` }],
      }),
      chatLine("failed"),
      chatLine("missing"),
      embeddingLine("vector"),
    ],
    "output.jsonl": [
      chatAnswerLine("good", '{"city":"Lima","population":10}'),
      chatAnswerLine("wrong", '{"city":5}'),
      chatAnswerLine("cut", '{"city":"Pa', { finish: "length" }),
      chatAnswerLine("hostile", `${hostile} ${"👨‍👩‍👧‍👦".repeat(60)} ${"x".repeat(3000)}`),
      failureLine("failed", 429, { code: "rate_limit_exceeded", message: `slow${hostile}` }),
      `{"custom_id":"vector","response":{"status_code":200,"body":{"object":"list","data":[{"embedding":[0.5,1,2,3,4],"index":0}]}},"error":null}`,
    ],
  });
}

function show(...args: readonly string[]) {
  return runCli(["results", "requests.jsonl", "output.jsonl", ...args], { cwd: write() });
}

describe("--show", () => {
  test("shows the first prompts with their answers, and what is wrong at its place", async () => {
    const { out, exit } = await show("--show", "3");
    expect(exit).toBe(1);
    expect(out.split("\nrequests.jsonl: ")[0]).toBe(`good  usable
  user      Say something about good.
  answer    city: Lima
            population: 10

wrong  answered, schema_mismatch
  user      Say something about wrong.
  answer    city: 5
              ^ type (must be string)
            ^ required (must have required property 'population')
  problem   schema_mismatch at parsed: The answer does not fit its schema: found
            an object here. The rule it breaks: required (must have required
            property 'population'). It is the first of 2 places.
  hint      Say the rule in the prompt too, or send the request again:
            problem.rule and problem.issues name what is broken.

cut  answered, truncated_answer
  user      Say something about cut.
  answer    {"city":"Pa
            ^ it ends here (length)
  problem   truncated_answer at finish: The answer was cut off at its limit of
            tokens, after 11 characters.
  hint      Allow more: max_completion_tokens for chat completions,
            max_output_tokens for responses.
`);
    expect(out).toContain("\nrequests.jsonl: 3 of 7 requests with a usable answer\n");
  });

  test("wraps to 80 columns, shortens what is long, and lets nothing steer the terminal", async () => {
    const { out } = await show("--show", "7");
    const shown = out.split("\nrequests.jsonl: ")[0] ?? "";
    for (const line of shown.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(shown).not.toMatch(steering);
    expect(shown).toContain("\\u001b[2J");
    expect(shown).toMatch(/… 3,[\d,]+ characters in all: --id hostile/);
    expect(shown).toContain("failed 429 rate_limit_exceeded\n");
    expect(shown).toContain("missing  missing\n");
    expect(shown).toContain("  vector    5 numbers: 0.5, 1, 2, 3, …\n");
  });

  test("shows the first without a usable answer with --failed", async () => {
    const { out } = await show("--show", "2", "--failed");
    expect(out).toMatch(/^wrong {2}answered/);
    expect(out.match(/^\S+ {2}/gm)).toEqual(["wrong  ", "cut  "]);
  });

  test("is in the JSON with requests, prompts and results", async () => {
    const { out } = await show("--show", "7", "--json");
    const { shown, counts } = JSON.parse(out);
    expect(counts.total).toBe(7);
    expect(shown).toHaveLength(7);
    expect(shown[0]).toMatchObject({
      custom_id: "good",
      request: { url: "/v1/chat/completions" },
      prompt: [{ role: "user", kind: "text", text: "Say something about good." }],
      result: { status: "succeeded", parsed: { city: "Lima" }, line: 1 },
    });
    expect(shown[6].result.embeddings).toEqual([[0.5, 1, 2, 3, 4]]);
    expect(out).not.toMatch(steering);
  });

  test.each([
    ["0", "It must be a whole number, 1 or more."],
    ["1001", "--to writes all of them"],
  ])("refuses %s", async (count, message) => {
    const { exit, error } = await show("--show", count);
    expect(exit).toBe(2);
    expect(error).toContain(message);
  });
});

describe("--id", () => {
  test("shows one request whole, and nothing else", async () => {
    const { out, exit } = await show("--id", "good");
    expect(exit).toBe(0);
    expect(out).toContain("  request   POST /v1/chat/completions\n            model: gpt-4o-mini\n");
    expect(out).toContain("strict: true");
    expect(out).toContain("  answer    city: Lima\n            population: 10\n");
    expect(out).toContain("  model     gpt-4o-mini-2024-07-18, 2025-03-20T19:47:15Z, ends with stop\n");
    expect(out).toContain("  tokens    10 input (4 cached), 5 output (2 reasoning), 15 in all\n");
    expect(out).toContain("  lines     requests.jsonl:1, output.jsonl:1\n");
    expect(out).not.toContain("Next:");
  });

  test("does not shorten, and steers no terminal", async () => {
    const { out } = await show("--id", "hostile");
    expect(out.match(/x/g)?.length).toBeGreaterThanOrEqual(3000);
    expect(out).not.toMatch(steering);
    for (const line of out.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test("exits with 1 where there is no usable answer, and says why", async () => {
    const { out, exit } = await show("--id", "failed");
    expect(exit).toBe(1);
    expect(out).toContain("failed  failed 429 rate_limit_exceeded\n");
    expect(out).toContain("code rate_limit_exceeded");
  });

  test("tells the attempts and times of each run that settled it", async () => {
    const folder = writeFolder(below, { "requests.jsonl": [chatLine("a"), chatLine("b"), chatLine("c")] });
    const again = ["--rehearse", "--output", "out.jsonl", "--fault", "503:b:x2", "--retry-failed"];
    await runCli(["run", "requests.jsonl", ...again, "--fault", "400:a:x1"], { cwd: folder });
    await runCli(["run", "requests.jsonl", ...again, "--force"], { cwd: folder });
    const read = async (id: string) => {
      const { out } = await runCli(["results", "requests.jsonl", "out.jsonl", "--id", id, "--json"], {
        cwd: folder,
      });
      return JSON.parse(out);
    };
    const { runs } = await read("b");
    expect(runs).toEqual([
      expect.objectContaining({
        attempts: 3,
        ms: expect.any(Number),
        isRehearsal: true,
        target: "rehearsal",
      }),
    ]);
    expect((await read("a")).runs).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
    const { out } = await runCli(["results", "requests.jsonl", "out.jsonl", "--id", "b"], { cwd: folder });
    expect(out).toMatch(/ {2}run {7}3 attempts, [\d.]+ s, in rehearsal, in the run of\n {12}20\d\d-.*Z\n/);
  });

  test("names ids that are like one that is not there", async () => {
    expect((await show("--id", "HOST")).error).toContain("hint: Did you mean hostile?");
    const { error, exit } = await show("--id", "nobody\u001b[2J");
    expect(exit).toBe(2);
    expect(error).toContain('requests.jsonl has no request "nobody\\u001b[2J".');
    expect(error).toContain("hint: The first custom_ids are good, wrong, cut.");
  });

  test("does nothing else at the same time", async () => {
    const { error, exit } = await show("--id", "good", "--to", "a.csv");
    expect(exit).toBe(2);
    expect(error).toContain("--id shows one request, and does nothing else.");
    expect(error).toContain("Leave out --to, or --id.");
  });

  test("works on a results file alone", async () => {
    const cwd = write();
    const { out } = await runCli(["results", join(cwd, "output.jsonl"), "--id", "good"], { cwd });
    expect(out).toMatch(/^good {2}usable\n {2}answer {4}\{"city":"Lima","population":10\}\n/);
  });
});
