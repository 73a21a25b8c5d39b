import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import OpenAI from "openai";
import { beforeEach, describe, expect, test } from "vitest";
import { displayWidth } from "../../../src/cli/frame/display-width.js";
import { readRows, writeRows } from "../../../src/rows/index.js";
import { startBatchServer } from "../../../src/testing.js";
import {
  type ReceivedRequest,
  type Reply,
  startLoopbackServer,
  toChatCompletion,
} from "../../execute/loopback-server.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { type CliOptions, runCli } from "../run-cli.js";

const root = temporaryFolder();
const workbook = fileURLToPath(new URL("../../rows/workbooks/reviews.xlsx", import.meta.url));
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(root, "ask-"));
  await write("reviews.csv", table(["one", "two", "three"]));
});

const question = "Is this friendly? {Text}";
const table = (texts: readonly string[]) =>
  `ID,Text\n${texts.map((text, index) => `${index + 1},${text}\n`).join("")}`;
const write = (name: string, content: string | Buffer) => writeFile(join(cwd, name), content);
const read = (name: string) => readFile(join(cwd, name), "utf8");

const askOf = (name: string, asked: string, args: readonly string[] = [], options: CliOptions = {}) =>
  runCli(["ask", name, asked, ...args], {
    cwd,
    ...options,
    env: { OPENAI_API_KEY: "", OPENAI_BASE_URL: "", ...options.env },
  });
const ask = (...args: string[]) => askOf("reviews.csv", question, args);
const rehearse = (...args: string[]) => ask("--labels", "yes,no", "--rehearse", ...args);

/** Everything that is in a folder, by name. */
async function readFolder(name: string): Promise<Record<string, string>> {
  const names = await readdir(join(cwd, name));
  return Object.fromEntries(
    await Promise.all(names.map(async (file) => [file, await read(join(name, file))] as const)),
  );
}

async function readCells(name: string) {
  const cells: Record<string, unknown>[] = [];
  for await (const row of readRows(join(cwd, name))) cells.push(row.cells);
  return cells;
}

/** What was asked of a row, the last message; the answer is made of it. */
const askedIn = ({ json }: ReceivedRequest) =>
  ((json?.messages ?? []) as { content: string }[]).at(-1)?.content.replace("Is this friendly? ", "") ?? "";

/** A server whose answers tell what was asked. */
const startServer = (reply: (text: string) => Reply | undefined = () => undefined) =>
  startLoopbackServer((request) => {
    const text = askedIn(request);
    const format = request.json?.response_format;
    const answer =
      format === undefined ? `about ${text}` : JSON.stringify({ label: text.length > 3 ? "yes" : "no" });
    return reply(text) ?? { body: toChatCompletion(request, answer) };
  });
/** An answer with this message. */
const toMessage = (message: object) => ({
  ...{ id: "c", object: "chat.completion", created: 1, model: "m" },
  choices: [{ index: 0, message: { role: "assistant", refusal: null, ...message }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});
const at = (baseURL: string, ...args: string[]) => ["--model", "m", "--base-url", baseURL, "--yes", ...args];

describe("openbatch ask", () => {
  test("asks about each row, and writes the answers beside them", async () => {
    await using server = await startServer();
    const { exit, out } = await ask("--labels", "yes,no", ...at(server.baseURL));
    expect(exit).toBe(0);
    expect(out).toContain("reviews.csv: 3 rows, 3 requests to send\n");
    expect(out).toContain(
      '  │ Is this friendly? one\n\n  │ Is this friendly? two\n\n  │ Is this friendly? three\n\nAnswer: one of "yes", "no"\n',
    );
    expect(out).toContain(`To: m at ${server.baseURL}\n`);
    expect(out).toContain("Wrote reviews.answers.csv: the 3 rows of reviews.csv with label beside them.\n");
    expect(await read("reviews.answers.csv")).toBe("ID,Text,label\n1,one,no\n2,two,no\n3,three,yes\n");
    expect(server.requests.every(({ json }) => json.model === "m")).toBe(true);
    expect(await read("reviews.csv")).toBe(table(["one", "two", "three"]));
  });

  test("goes on where rows were moved, added, changed or taken away, and asks only what is new", async () => {
    await using server = await startServer();
    const args = at(server.baseURL);
    await ask(...args);
    await write("reviews.csv", table(["three", "four", "two", "three", "2!"]));
    const { exit, out } = await ask(...args);
    expect(exit).toBe(0);
    expect(out).toContain(
      "reviews.csv: 5 rows, 1 the same as others, 2 answered before, 2 requests to send\n",
    );
    expect(server.requests.slice(3).map(askedIn).sort()).toEqual(["2!", "four"]);
    expect(await readCells("reviews.answers.csv")).toEqual(
      ["three", "four", "two", "three", "2!"].map((Text, index) => ({
        ID: `${index + 1}`,
        Text,
        text: `about ${Text}`,
      })),
    );
    // What is as it once was has its answer still.
    await write("reviews.csv", table(["one", "two"]));
    const again = await ask(...args);
    expect(again.out).toContain("2 answered before, nothing to send");
    expect(server.requests).toHaveLength(5);
    expect((await readCells("reviews.answers.csv")).map(({ text }) => text)).toEqual([
      "about one",
      "about two",
    ]);
  });

  test("does not ask about rows that are gone, of which nothing was answered before", async () => {
    let isOut = true;
    await using server = await startServer((text) =>
      isOut && text !== "one" ? { status: 429, body: { error: { code: "insufficient_quota" } } } : undefined,
    );
    await write("reviews.csv", table(["one", "two", "three", "four", "five"]));
    const args = at(server.baseURL, "--concurrency", "1");
    const stopped = await ask(...args);
    expect(stopped.exit).toBe(3);
    expect(stopped.error).toMatch(/\n {6}Then the same command goes on\.\n$/);
    expect(stopped.error).not.toContain("Run again");
    expect(stopped.out).toContain("1 of 5 rows has an answer.\n");
    const texts = (await readCells("reviews.answers.csv")).map(({ text }) => text);
    expect(texts).toEqual(["about one", "", "", "", ""]);
    await write("reviews.csv", table(["six", "one"]));
    isOut = false;
    const before = server.requests.length;
    expect((await ask(...args)).exit).toBe(0);
    expect(server.requests.slice(before).map(askedIn)).toEqual(["six"]);
  });

  test("asks again for answers that are no use with --retry-problems, and says so", async () => {
    const moods: Record<string, Reply> = {
      two: { body: toMessage({ content: null, refusal: "No." }) },
      three: { body: toMessage({ content: '{"label": ' }) },
    };
    let isMoody = true;
    await using server = await startServer((text) => (isMoody ? moods[text] : undefined));
    const args = at(server.baseURL, "--labels", "yes,no");
    const first = await ask(...args);
    expect(first.exit).toBe(1);
    expect(first.out).toContain(
      "2 of 3 requests without an answer to use: refused_answer 1, invalid_json_answer 1\nTo ask for these again: the same command with --retry-problems.\n",
    );
    isMoody = false;
    expect((await ask(...args, "--retry-failed")).out).toContain("nothing to send");
    const again = await ask(...args, "--retry-problems");
    expect(again.exit).toBe(0);
    expect(again.out).toContain(
      "3 rows, 1 answered before, 2 requests to send\n\n  │ Is this friendly? two\n",
    );
    expect(again.out).not.toContain("--retry-problems");
    expect(again.error).not.toContain("warning");
    expect((await readCells("reviews.answers.csv")).map(({ label }) => label)).toEqual(["no", "no", "yes"]);
    expect(server.requests.map(askedIn).sort()).toEqual(["one", "three", "three", "two", "two"]);
    expect((await ask(...args, "--retry-problems")).out).toContain("3 answered before, nothing to send");
    expect(await ask(...args, "--retry-problems", "--batch")).toMatchObject({
      exit: 2,
      error: expect.stringContaining("--retry-problems asks one by one"),
    });
  });

  test("asks about the first rows alone with --limit, and about the others without it", async () => {
    await using server = await startServer();
    const args = at(server.baseURL, "--price", "1,1", "--max-tokens", "1000000");
    const tried = await ask(...args, "--limit", "1");
    expect(tried.exit).toBe(0);
    expect(tried.out).toContain("3 rows, 1 request to send, 2 left for later\n");
    // The price is that of what is sent.
    expect(tried.out).toMatch(/Price: \$0\.\d+ to \$1\.0\d\n/);
    expect(tried.out).toContain(
      "1 of 3 rows has an answer.\nThe same command without --limit asks about the others.\n",
    );
    expect(tried.out).not.toContain("without an answer");
    expect((await readCells("reviews.answers.csv")).map(({ text }) => text)).toEqual(["about one", "", ""]);
    expect((await ask(...args, "--limit", "1")).out).toContain("1 answered before, nothing to send, 2 left");
    expect(await read("reviews.openbatch/commands.txt")).toContain(" --force --limit 1\n");
    const { exit, out } = await ask(...args);
    expect(exit).toBe(0);
    expect(out).toContain("3 rows, 1 answered before, 2 requests to send\n");
    expect(server.requests.map(askedIn).sort()).toEqual(["one", "three", "two"]);
    expect(await ask(...args, "--limit", "1", "--batch")).toMatchObject({ exit: 2 });
  });

  test("goes on with a server at another address with --force alone", async () => {
    await using before = await startServer();
    expect(await ask(...at(before.baseURL, "--limit", "1"))).toMatchObject({ exit: 0 });
    await using server = await startServer();
    const moved = await ask(...at(server.baseURL));
    expect(moved.exit).toBe(2);
    expect(moved.error).toContain(
      "hint: To go on with the server that is named now: --force. To ask anew: --name NAME. Or ask as before.\n",
    );
    const other = await askOf("reviews.csv", "Why? {Text}", at(server.baseURL, "--force"));
    expect(other).toMatchObject({ exit: 2, error: expect.stringContaining("the question was") });
    expect(other.error).not.toContain("--force");
    expect(server.requests).toEqual([]);
    expect(await ask(...at(server.baseURL, "--force"))).toMatchObject({ exit: 0 });
    expect(server.requests.map(askedIn).sort()).toEqual(["three", "two"]);
    expect(await ask(...at(server.baseURL))).toMatchObject({ exit: 0 });
  });

  test("ends with 3 where the server has no such model, and does not say that the same command goes on", async () => {
    await using server = await startServer(() => ({
      status: 404,
      body: { error: { code: "model_not_found", message: "No such model." } },
    }));
    const { exit, error } = await ask(...at(server.baseURL));
    expect(exit).toBe(3);
    expect(error).toContain("error[unknown_model]");
    expect(error).toContain("--model NAME");
    expect(error).not.toMatch(/goes on|again/);
  });

  test("says which rows have no answer and why, and asks again with --retry-failed", async () => {
    let isDown = true;
    await using server = await startServer((text) =>
      text === "two" && isDown
        ? { status: 400, body: { error: { code: "bad_words", message: "No." } } }
        : undefined,
    );
    const { exit, out } = await ask(...at(server.baseURL));
    expect(exit).toBe(1);
    expect(out).toContain("1 of 3 requests without an answer to use: bad_words 1\n");
    expect((await readCells("reviews.answers.csv"))[1]).toMatchObject({
      text: "",
      "error.code": "bad_words",
    });
    isDown = false;
    expect((await ask(...at(server.baseURL))).out).toContain("3 answered before, nothing to send");
    expect((await ask(...at(server.baseURL, "--retry-failed"))).exit).toBe(0);
    expect(server.requests.map(askedIn).sort()).toEqual(["one", "three", "two", "two"]);
  });

  test("refuses another question, answer, model or server beside the answers, with the difference; --name keeps both", async () => {
    await using server = await startServer();
    await using other = await startServer();
    await ask("--labels", "yes,no", ...at(server.baseURL));
    const refused = async (args: readonly string[], words: string, asked = question) => {
      const { exit, error } = await askOf("reviews.csv", asked, args);
      expect(exit).toBe(2);
      expect(error).toContain("error[run_differs]: The answers in reviews.openbatch are to something else: ");
      expect(error).toContain(words);
      expect(error).toContain("--name");
    };
    const labels = ["--labels", "yes,no"];
    await refused(
      ["--labels", "yes,no,maybe", ...at(server.baseURL)],
      'the answer was "one of yes, no" and is now "one of yes, no, maybe"',
    );
    await refused(
      [...labels, ...at(server.baseURL)],
      `the question was "${question}" and is now "Sad? {Text}"`,
      "Sad? {Text}",
    );
    await refused(
      [...labels, "--model", "n", "--base-url", server.baseURL, "--yes"],
      'the model was "m" and is now "n"',
    );
    await refused(
      [...labels, ...at(other.baseURL)],
      `the server was ${server.baseURL} and is now ${other.baseURL}`,
    );
    await refused([...labels, ...at(server.baseURL), "--max-tokens", "9"], "how long an answer may be");
    expect([server.requests.length, other.requests.length]).toEqual([3, 0]);
    const named = await askOf("reviews.csv", "Sad? {Text}", [...at(other.baseURL), "--name", "sad"]);
    expect(named.exit).toBe(0);
    expect((await readdir(cwd)).sort()).toEqual(
      ["", ".answers", ".sad.answers"]
        .map((end) => `reviews${end}.csv`)
        .concat("reviews.openbatch", "reviews.sad.openbatch")
        .sort(),
    );
    expect((await ask("--labels", "yes,no", ...at(server.baseURL))).exit).toBe(0);
  });

  test("rehearses without model and server, and the same question is then asked in earnest", async () => {
    const { exit, out } = await rehearse();
    expect(exit).toBe(0);
    expect(out).toContain("These answers are made up: no model was asked.\n");
    const made = await read("reviews.answers.csv");
    expect(made).toMatch(/^ID,Text,label\n1,one,(?:yes|no)\n/);
    expect(await rehearse()).toMatchObject({ exit: 0 });
    // What was made up makes room for another question, and nothing of it is left.
    const other = await rehearse("--max-tokens", "50");
    expect(other).toMatchObject({ exit: 0, error: expect.not.stringContaining("belong to no request") });
    expect(other.out).not.toContain("0 requests to send");
    await using server = await startServer();
    const real = await ask("--labels", "yes,no", ...at(server.baseURL));
    expect(real.exit).toBe(0);
    expect(real.out).not.toContain("made up");
    expect(await read("reviews.answers.csv")).toBe("ID,Text,label\n1,one,no\n2,two,no\n3,three,yes\n");
    const mixed = await rehearse();
    expect(mixed).toMatchObject({ exit: 2, error: expect.stringContaining("error[rehearsal_mixed]") });
    expect(await rehearse("--name", "trial")).toMatchObject({ exit: 0 });
  });

  test("says that answers are made up where the server itself rehearses", async () => {
    await using server = await startBatchServer();
    const args = ["--model", "m", "--base-url", server.baseURL, "--api-key-env", "KEY", "--yes"];
    const { out, exit } = await askOf("reviews.csv", question, args, { env: { KEY: server.apiKey } });
    expect(exit).toBe(0);
    expect(out).toContain(
      "These answers are made up: the server itself is in rehearsal, and no model was asked.",
    );
    await using real = await startServer();
    const named = await askOf("reviews.csv", question, [
      ...["--name", "real", "--model", "m", "--base-url", real.baseURL, "--yes"],
    ]);
    expect(named.out).not.toContain("made up");
  });

  test("--output names the table with the answers, in whatever kind, and knows it as its own afterwards", async () => {
    await mkdir(join(cwd, "out"));
    const first = await rehearse("--output", "out/friendly.xlsx");
    expect(first.exit).toBe(0);
    expect(first.out).toContain("Wrote out/friendly.xlsx: the 3 rows of reviews.csv with label beside them.");
    expect((await readCells("out/friendly.xlsx")).map(({ label }) => typeof label)).toEqual(
      Array(3).fill("string"),
    );
    expect(existsSync(join(cwd, "reviews.answers.csv"))).toBe(false);
    await write("reviews.csv", table(["one", "two", "three", "four"]));
    expect((await rehearse("--output", "out/friendly.xlsx")).exit).toBe(0);
    expect(await readCells("out/friendly.xlsx")).toHaveLength(4);
    await write("out/mine.csv", "mine");
    const others = [
      ["out/mine.csv", "error[file_exists]: out/mine.csv is there already"],
      ["none/answers.csv", "error[wrong_usage]: There is no folder none"],
      ["answers.docx", "error[invalid_option]: answers.docx has no ending that tells"],
      ["reviews.csv", "reviews.csv is read"],
      ["-", "error[wrong_usage]: The answers of openbatch ask go to a file."],
    ] as const;
    for (const [name, said] of others) {
      const { error, exit } = await rehearse("--output", name);
      expect(error).toContain(said);
      expect(error).not.toContain("--to-format");
      expect(exit).toBe(2);
    }
    expect(await read("out/mine.csv")).toBe("mine");
  });

  test("says nothing of answers to rows that went or were changed, and names flags alone", async () => {
    await using server = await startServer();
    const args = ["--model", "m", "--base-url", server.baseURL, "--yes"];
    await ask(...args);
    await write("reviews.csv", table(["one", "changed"]));
    const { error, exit } = await ask(...args);
    expect(exit).toBe(0);
    expect(error).not.toContain("belong");
    const { error: noKey } = await ask("--name", "other", ...args, "--api-key-env", "NOT_SET");
    expect(noKey).toContain("the variable that holds it: --api-key-env NAME.");
    expect(noKey).not.toContain("apiKeyEnv");
  });

  test("what it has made is found by its folder, and from the tables", async () => {
    await rehearse();
    const summary = await runCli(["results", "reviews.openbatch"], { cwd });
    expect(summary.out).toContain("reviews.openbatch/requests.jsonl: all");
    for (const name of ["reviews.csv", "reviews.answers.csv"]) {
      const { error, exit } = await runCli(["view", name], { cwd });
      expect(error).toContain("is in a folder: openbatch view reviews.openbatch\n");
      expect(exit).toBe(2);
    }
    const absent = await askOf("reviews.ods", question, ["--rehearse"]);
    expect(absent.error).toContain("error[file_not_found]");
  });

  test("the commands that it writes into its folder do the same", async () => {
    const { out } = await rehearse();
    expect(out).toMatch(/\nThe same by other commands: reviews\.openbatch\/commands\.txt\n$/);
    expect(out).not.toContain("openbatch build");
    const answers = await read("reviews.answers.csv");
    await write("reviews.answers.csv", "");
    const commands = (await read("reviews.openbatch/commands.txt")).trim().split("\n");
    expect(commands.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual(
      ["build", "run", "results"].map((name) => `openbatch ${name}`),
    );
    for (const line of commands)
      expect(await runCli(line.split(" ").slice(1), { cwd })).toMatchObject({ exit: 0 });
    expect(await read("reviews.answers.csv")).toBe(answers);
  });

  test("--json is one object, with the preview on standard error", async () => {
    const { exit, out, error } = await rehearse("--json");
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      answers: "reviews.answers.csv",
      folder: "reviews.openbatch",
      usable: 3,
      joined: { rows: 3, columns: ["ID", "Text", "label"] },
      commands: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect(error).toContain("3 requests to send");
  });
});

describe("before anything is sent", () => {
  test("nothing is without a terminal and without --yes", async () => {
    await using server = await startServer();
    const { exit, out, error } = await ask("--model", "m", "--base-url", server.baseURL);
    expect(exit).toBe(2);
    expect(out).toContain("3 requests to send");
    expect(error).toContain(
      "error[wrong_usage]: Nothing was sent: there is no terminal to ask on.\nhint: Say --yes to send.\n",
    );
    expect(server.requests).toHaveLength(0);
    // What holds no answers binds nothing.
    expect((await askOf("reviews.csv", "Sad? {Text}", at(server.baseURL))).exit).toBe(0);
  });

  test("tokens and price are shown, and --max-cost refuses what may cost more", async () => {
    await using server = await startServer();
    const model = ["--model", "gpt-4o-mini", "--base-url", server.baseURL, "--yes"];
    model.push("--price", "0.15,0.6");
    const { exit, out, error } = await ask(...model, "--max-cost", "0.003");
    expect(exit).toBe(2);
    expect(out).toMatch(/\nTokens: \d+ in, at most 6,000 out\nPrice: \$0\.0001 to \$0\.0037\n/);
    expect(error).toContain(
      "error[cost_over_limit]: This may cost $0.0037, and it is to cost $0.0030 at most (--max-cost). Nothing was sent.",
    );
    const unknown = await ask(...at(server.baseURL), "--max-cost", "5");
    expect(unknown).toMatchObject({ exit: 2, error: expect.stringContaining("--price INPUT,OUTPUT") });
    expect(server.requests).toHaveLength(0);
    expect((await ask(...model, "--max-cost", "0.01")).exit).toBe(0);
    expect((await ask(...model, "--max-cost", "0")).exit).toBe(0);
  });

  test("what was sent before counts under --max-cost, and what is asked again counts again", async () => {
    await using server = await startServer((text) => (text === "three" ? { status: 400 } : undefined));
    const model = ["--model", "gpt-4o-mini", "--base-url", server.baseURL, "--yes", "--price", "0.15,0.6"];
    await ask(...model, "--max-cost", "0.004");
    expect(server.requests).toHaveLength(3);
    const again = await ask(...model, "--retry-failed", "--max-cost", "0.004");
    expect(again).toMatchObject({ exit: 2, error: expect.stringContaining("with what was sent before") });
    await write("reviews.csv", table(["one", "two", "three", "four"]));
    const { exit, error } = await ask(...model, "--max-cost", "0.004");
    expect(exit).toBe(2);
    expect(error).toContain(
      "This may cost $0.0013, and $0.0049 with what was sent before, and it is to cost $0.0040 at most (--max-cost). Nothing was sent.",
    );
    // Which would be another answer than those that are there.
    expect(error).not.toContain("--max-tokens");
    expect(server.requests).toHaveLength(3);
    expect(await readdir(join(cwd, "reviews.openbatch"))).not.toContain("pending.jsonl");
    await ask(...model, "--max-cost", "0.005");
    expect(server.requests).toHaveLength(4);
  });

  test("prompts and answers in wide letters fit into 80 cells, and no letter is cut in two", async () => {
    await write("reviews.csv", table(["日本語".repeat(60), "👩‍👩‍👧‍👦".repeat(200), "x"]));
    const { out } = await askOf("reviews.csv", "{Text}", ["--rehearse"]);
    const lines = out.split("\n").filter((line) => /[日👩]/u.test(line));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      expect(displayWidth(line)).toBeLessThanOrEqual(80);
      expect(line).toMatch(/^ {2}(?:│ )?(?:[日本語]*|(?:👩‍👩‍👧‍👦)*)…?(?: +→ .*)?$/u);
    }
  });

  test("a password in a base URL is not shown", async () => {
    const { exit, out, error } = await ask("--model", "m", "--base-url", "http://me:secret@127.0.0.1:9/v1");
    expect(exit).toBe(2);
    expect(`${out}${error}`).not.toContain("secret");
  });

  test("the price is that of what is left", async () => {
    await using server = await startServer();
    const model = ["--model", "gpt-4o-mini", "--base-url", server.baseURL, "--yes"];
    await ask(...model);
    await write("reviews.csv", table(["one", "two", "three", "four"]));
    expect((await ask(...model)).out).toContain("at most 2,000 out\n");
    expect(await readdir(join(cwd, "reviews.openbatch"))).not.toContain("pending.jsonl");
  });

  test.each<[string, readonly string[], string]>([
    ["no model", ["--base-url", "http://127.0.0.1:9/v1"], "--model NAME"],
    ["no server", ["--model", "m"], "--base-url http://localhost:11434/v1"],
    ["two kinds of answer", ["--number", "--labels", "a,b", "--rehearse"], "--labels and --number"],
    ["one label", ["--labels", "yes", "--rehearse"], "two labels or more"],
    ["a label twice", ["--labels", "yes,no,yes", "--rehearse"], "none twice"],
    ["a field of no name", ["--fields", "a, [b]", "--rehearse"], '"[b]"'],
    ["a field twice", ["--fields", "a, a?", "--rehearse"], '"a" twice'],
    ["a field called __proto__", ["--fields", "__proto__", "--rehearse"], '"__proto__"'],
    ["a schema that is not there", ["--schema", "no.json", "--rehearse"], "no.json"],
    ["a name with a path in it", ["--name", "../x", "--rehearse"], "--name"],
    ["a rehearsal and a batch", ["--batch", "--rehearse"], "--batch"],
    ["--save with nothing to keep", ["--save", "--rehearse"], "--save"],
  ])("%s is refused, and leaves nothing behind", async (_, args, words) => {
    const { exit, error } = await ask(...args);
    expect(exit).toBe(2);
    expect(error).toContain(words);
    expect(await readdir(cwd)).toEqual(["reviews.csv"]);
  });

  test("a schema that is not strict is refused with what to change in it, and no option that there is not", async () => {
    await write("s.json", JSON.stringify({ type: "object", properties: { city: { type: "string" } } }));
    const { exit, error } = await ask("--schema", "s.json", "--rehearse");
    expect(exit).toBe(2);
    expect(error).toContain("error[invalid_schema]: The schema cannot be used");
    expect(error).toContain("#/properties/city: the property is optional");
    expect(error).not.toContain("strict: false");
    expect(await readdir(cwd)).toEqual(["reviews.csv", "s.json"]);
  });

  test.each([
    ["names no column", "Is this friendly?", "names no column", "{ID}, {Text}"],
    ["names one that is not there", "Is {Txt} friendly?", 'no column "Txt"', "Did you mean {Text}?"],
    ["has an open brace", "Is {Text friendly?", "is not closed", "{{"],
  ])("a question that %s is refused, and leaves nothing behind", async (_, asked, message, hint) => {
    const { exit, error } = await askOf("reviews.csv", asked, ["--rehearse"]);
    expect(exit).toBe(2);
    expect(error).toContain(message);
    expect(error).toContain(hint);
    expect(error).not.toContain("template.yaml");
    expect(await readdir(cwd)).toEqual(["reviews.csv"]);
  });

  test.each([
    ["names no column", "Is this friendly?", [] as string[], []],
    ["names one that is not there", "Is {Txt} friendly?", [], []],
    [
      "names no column, of a model",
      "Is this friendly?",
      ["--model", "m", "--base-url", "http://127.0.0.1:9"],
      [],
    ],
    ["has a row that cannot be read", question, [], ["1,one,more\n"]],
  ])("a question that %s loses nothing of an earlier rehearsal", async (_, asked, server, rows) => {
    await rehearse();
    const before = await readFolder("reviews.openbatch");
    const answers = await read("reviews.answers.csv");
    await write("reviews.csv", table(["one", "two", "three"]) + rows.join(""));
    const { exit } = await askOf(
      "reviews.csv",
      asked,
      server.length > 0 ? server : ["--number", "--rehearse"],
    );
    expect(exit).toBe(2);
    expect(await readFolder("reviews.openbatch")).toEqual(before);
    expect(await read("reviews.answers.csv")).toBe(answers);
    await write("reviews.csv", table(["one", "two", "three"]));
    expect((await rehearse()).out).toContain("3 answered before, nothing to send");
  });

  test("a table of an odd row, and standard input, are refused", async () => {
    await write("reviews.csv", "ID,Text\n1,one\n2\n");
    const { exit, error } = await rehearse();
    expect(exit).toBe(2);
    expect(error).toContain("reviews.csv, row 2, line 3: ");
    expect(error).toContain("Nothing was sent.\nhint: Mend the row");
    expect(await askOf("-", question, ["--rehearse"])).toMatchObject({ exit: 2 });
  });
});

describe("an answer", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["plain text", [], ["text"]],
    ["a label", ["--labels", "yes,no"], ["label"]],
    ["a number", ["--number"], ["number"]],
    [
      "fields",
      ["--fields", "topic, people[], when?", "--fields", "Büro 2"],
      ["topic", "people", "when", "Büro 2"],
    ],
    ["fields that a result has of its own", ["--fields", "status, ID"], ["parsed.status", "result.ID"]],
    ["a schema", ["--schema", "s.json"], ["city"]],
  ])("of %s has its columns", async (_, args, columns) => {
    await write(
      "s.json",
      JSON.stringify({ type: "object", properties: { city: { type: "string" } }, required: ["city"] }),
    );
    const { exit } = await ask(...args, "--rehearse");
    expect(exit).toBe(0);
    const [first = {}] = await readCells("reviews.answers.csv");
    expect(Object.keys(first)).toEqual(["ID", "Text", ...columns]);
  });

  test("of fields is a text, a list, or may be absent", async () => {
    await ask("--fields", "topic, people[], when?", "--rehearse");
    const template = await read("reviews.openbatch/template.yaml");
    const schema = JSON.parse(template.slice(template.indexOf("schema:\n") + 8));
    expect(schema).toEqual({
      type: "object",
      properties: {
        topic: { type: "string" },
        people: { type: "array", items: { type: "string" } },
        when: { type: ["string", "null"] },
      },
      required: ["topic", "people", "when"],
      additionalProperties: false,
    });
  });

  test("that looks like a formula is none, and braces in labels are braces", async () => {
    await using server = await startServer(() => undefined);
    await write("reviews.csv", table(["=1+1"]));
    const { exit, out } = await ask("--labels", "{a},{b}", ...at(server.baseURL));
    expect(exit).toBe(1);
    expect(out).toContain("schema_mismatch 1");
    expect(server.requests[0]?.json.messages).toMatchObject([
      { content: 'Answer as JSON with "label", which is one of "{a}", "{b}".' },
      { content: "Is this friendly? =1+1" },
    ]);
    expect(await read("reviews.answers.csv")).toContain("1,'=1+1,");
  });
});

describe("a table", () => {
  test.each<[string, string, string | Buffer, string]>([
    ["of TSV", "r.tsv", "Text\tn\none\t1\n", "r.answers.tsv"],
    ["of JSON Lines", "r.jsonl", '{"Text":"one","n":1}\n', "r.answers.jsonl"],
    ["of JSON", "r.json", '[{"Text":"one","n":1}]', "r.answers.jsonl"],
    ["of CSV in gzip", "r.csv.gz", gzipSync("Text,n\none,1\n"), "r.answers.csv"],
    ["of semicolons with a byte order mark", "r.csv", "\uFEFFText;n\none;1\n", "r.answers.csv"],
    ["of another name", "r.txt", "Text\tn\none\t1\n", "r.answers.csv"],
  ])("%s gets its answers in its kind", async (_, name, content, answers) => {
    await write(name, content);
    expect(await askOf(name, question, ["--number", "--rehearse"])).toMatchObject({ exit: 0 });
    expect(await readCells(answers)).toMatchObject([{ Text: "one", number: expect.anything() }]);
    if (name === "r.csv") expect(await read(answers)).toMatch(/^\uFEFFText;n;number\r?\n/);
  });

  test("of Parquet gets its answers in Parquet, null cells and all", async () => {
    await writeRows(join(cwd, "r.parquet"), [
      { Text: "one", n: 1 },
      { Text: null, n: 2 },
      { Text: "two", n: null },
    ]);
    const { exit, out } = await askOf("r.parquet", `${question} ({n})`, ["--number", "--rehearse"]);
    expect({ exit, out }).toMatchObject({
      exit: 0,
      out: expect.stringContaining("3 rows, 3 requests to send"),
    });
    expect((await readCells("r.answers.parquet")).map(({ number }) => typeof number)).toEqual([
      "number",
      "number",
      "number",
    ]);
  });

  test("of a workbook gets its answers in a workbook, asked by whatever column", async () => {
    await copyFile(workbook, join(cwd, "book.xlsx"));
    const asked = "Friendly? {Review Text} {day} {moment} {share} {ok}";
    const { exit } = await askOf("book.xlsx", asked, ["--labels", "yes,no", "--rehearse"]);
    expect(exit).toBe(0);
    const rows = await readCells("book.answers.xlsx");
    expect(rows.every(({ label }) => label === "yes" || label === "no")).toBe(true);
    expect(rows[0]).toMatchObject({ day: "2024-02-29", code: "0012" });
  });

  test("whose cells no workbook has room for is refused before anything is sent", async () => {
    await using server = await startServer();
    await write("reviews.csv", table(["one", "x".repeat(40_000)]));
    const { exit, error } = await ask(...at(server.baseURL, "--output", "a b.xlsx"));
    expect(exit).toBe(2);
    expect(error).toContain(
      "error[invalid_table]: The cell B3 would have 40000 characters; one of Excel has at most 32,767. Nothing was sent.\nhint: Have the answers in a table of another kind: --output 'a b.csv'.\n",
    );
    expect(server.requests).toEqual([]);
    expect(await readdir(join(cwd, "reviews.openbatch"))).not.toContain("answers.xlsx");
    expect(await ask(...at(server.baseURL, "--output", "a b.csv"))).toMatchObject({ exit: 0 });
  });

  test("whose answers no workbook has room for keeps them, and says how to have them", async () => {
    await using server = await startLoopbackServer((request) => ({
      body: toChatCompletion(request, "y".repeat(askedIn(request) === "two" ? 40_000 : 1)),
    }));
    const { exit, error } = await ask(...at(server.baseURL, "--output", "answers.xlsx"));
    expect(exit).toBe(1);
    expect(error).toContain(
      "error[invalid_table]: The cell C3 would have 40000 characters; one of Excel has at most 32,767. What was answered is kept in reviews.openbatch.\nhint: Have the answers in a table of another kind, for which nothing is sent again: the same command with --output answers.csv.\n",
    );
    const again = await ask(...at(server.baseURL, "--output", "answers.csv"));
    expect(again).toMatchObject({ exit: 0, out: expect.stringContaining("nothing to send") });
    expect((await readCells("answers.csv"))[1]?.text).toHaveLength(40_000);
    expect(server.requests).toHaveLength(3);
  });

  test("with blank cells is asked where there is anything to ask about", async () => {
    await write("reviews.csv", "ID,Text\n1,\n2,one\n,\n");
    const { exit, out, error } = await rehearse();
    expect(exit).toBe(0);
    expect(error).toContain("note: in 2 rows {Text} is blank (rows 1, 3): left out.\n");
    expect(out).toContain("3 rows, 2 left out as blank, 1 request to send");
    const both = await askOf("reviews.csv", "{ID} {Text}", ["--rehearse", "--name", "both"]);
    expect(both.out).toContain("3 rows, 1 left out as blank, 2 requests to send");
    await write("reviews.csv", "ID,Text\n1,\n");
    expect(await rehearse("--name", "none")).toMatchObject({
      exit: 2,
      error: expect.stringMatching(/^note: in 1 row \{Text\} is blank.*nothing to ask about/s),
    });
  });

  test("with columns of any name is asked by them", async () => {
    await write(
      "reviews.csv",
      '__proto__,{,"two\nlines",constructor,,"q"": # x"\na,b,c,d,e,f\ng,h,i,j,k,l\n',
    );
    const asked = '{__proto__} {two\nlines} {constructor} {column_5} {q": # x}';
    const { exit, out } = await askOf("reviews.csv", asked, ["--rehearse", "--labels", "yes,no"]);
    expect(exit).toBe(0);
    expect(out).toContain("  │ a c d e f\n");
    expect(await read("reviews.answers.csv")).toMatch(
      /^__proto__,\{,"two\nlines",constructor,column_5,"q"": # x",label\n/,
    );
  });

  test("with two columns of one name is refused", async () => {
    await write("reviews.csv", "Text,Text\na,b\n");
    expect(await rehearse()).toMatchObject({ exit: 2, error: expect.stringContaining('both called "Text"') });
  });

  test("that lacks a column of the question is told of without a file that nobody asked for", async () => {
    await rehearse();
    const { exit, error } = await askOf("reviews.csv", "Friendly? {Texd}", ["--rehearse"]);
    expect(exit).toBe(2);
    expect(error).toContain('the table has no column "Texd"; it has "ID", "Text".\nNothing was sent.\n');
    expect(error).toContain("Did you mean {Text}?");
  });

  test("whose cells begin like formulas keeps them so with --keep-formulas alone", async () => {
    await write("reviews.csv", table(["=1+1", "two"]));
    const { out } = await rehearse();
    expect(out).toContain(
      "1 cell begins like a formula and got an apostrophe; --keep-formulas leaves it as it is.\n",
    );
    expect(await read("reviews.answers.csv")).toContain("1,'=1+1,");
    const kept = await rehearse("--keep-formulas");
    expect(kept.out).not.toContain("apostrophe");
    expect(await read("reviews.answers.csv")).toContain("1,=1+1,");
    expect(await read("reviews.openbatch/commands.txt")).toContain(" --keep-formulas ");
  });

  test("in another folder has its answers there", async () => {
    await mkdir(join(cwd, "my data"));
    await write("my data/r.csv", table(["one"]));
    const { exit } = await askOf("my data/r.csv", question, ["--rehearse"]);
    expect(exit).toBe(0);
    expect((await readdir(join(cwd, "my data"))).sort()).toEqual(["r.answers.csv", "r.csv", "r.openbatch"]);
    expect(await read("my data/r.openbatch/commands.txt")).toContain(
      "openbatch build 'my data/r.csv' --template 'my data/r.openbatch/template.yaml'",
    );
  });
});

describe("what is there already", () => {
  test("as a table of answers is not written over, nor when ours was changed", async () => {
    await write("reviews.answers.csv", "mine");
    const { exit, error } = await rehearse();
    expect(exit).toBe(2);
    expect(error).toContain(
      "error[file_exists]: reviews.answers.csv is there already, and not as openbatch wrote it",
    );
    expect(await read("reviews.answers.csv")).toBe("mine");
    expect(existsSync(join(cwd, "reviews.openbatch"))).toBe(false);
    expect(await rehearse("--name", "x")).toMatchObject({ exit: 0 });
    await write("reviews.x.answers.csv", `${await read("reviews.x.answers.csv")}my note`);
    expect(await rehearse("--name", "x")).toMatchObject({ exit: 2 });
    expect(await read("reviews.x.answers.csv")).toContain("my note");
  });

  test("as a folder that is not ours, or that leads elsewhere, is left alone", async () => {
    await mkdir(join(cwd, "reviews.openbatch"));
    await write("reviews.openbatch/requests.jsonl", "mine");
    expect(await rehearse()).toMatchObject({
      exit: 2,
      error: expect.stringContaining("is no folder of openbatch ask"),
    });
    expect(await read("reviews.openbatch/requests.jsonl")).toBe("mine");
    await write("victim", "precious");
    await rehearse("--name", "x");
    await symlink("../victim", join(cwd, "reviews.x.openbatch/template.yaml.tmp"));
    const linked = await rehearse("--name", "x");
    expect(linked).toMatchObject({ exit: 2, error: expect.stringContaining("leads elsewhere by a link") });
    expect(await read("victim")).toBe("precious");
    await symlink("reviews.x.openbatch", join(cwd, "reviews.y.openbatch"));
    expect(await rehearse("--name", "y")).toMatchObject({ exit: 2 });
  });

  test("as a folder of a job that leads elsewhere deep inside is left alone", async () => {
    await rehearse();
    await write("victim", "precious");
    await mkdir(join(cwd, "reviews.openbatch/requests.job"));
    await symlink("../../victim", join(cwd, "reviews.openbatch/requests.job/story.jsonl"));
    const { exit, error } = await rehearse();
    expect({ exit, error }).toMatchObject({ exit: 2, error: expect.stringContaining("by a link") });
    expect(await read("victim")).toBe("precious");
  });

  test("as the answers of a table of the same name and another kind, is known as ours too", async () => {
    await write("reviews.tsv", "ID\tText\n1\tfour\n");
    const tsv = () => askOf("reviews.tsv", question, ["--labels", "yes,no", "--rehearse"]);
    expect((await tsv()).exit).toBe(0);
    expect((await rehearse()).exit).toBe(0);
    expect((await rehearse()).exit).toBe(0);
    expect((await tsv()).exit).toBe(0);
    await write("reviews.answers.tsv", await read("reviews.answers.csv"));
    expect(await tsv()).toMatchObject({ exit: 2, error: expect.stringContaining("error[file_exists]") });
  });

  test("as answers about a table of the same name and another kind, is not mixed with them", async () => {
    await using server = await startServer();
    const args = ["--model", "m", "--base-url", server.baseURL, "--yes"];
    await ask(...args);
    await write("reviews.tsv", "ID\tText\n1\tfour\n");
    const about = (...more: string[]) => askOf("reviews.tsv", question, [...args, ...more]);
    expect(await about()).toMatchObject({
      exit: 2,
      error: expect.stringContaining(
        "error[run_differs]: The answers in reviews.openbatch are to something else: the table was reviews.csv and is now reviews.tsv. Nothing was sent.",
      ),
    });
    expect(server.requests).toHaveLength(3);
    expect((await ask(...args)).out).toContain("3 answered before, nothing to send");
    expect(await about("--name", "tsv")).toMatchObject({ exit: 0 });
    // Saved as another kind, it goes on.
    await rm(join(cwd, "reviews.csv"));
    await write("reviews.tsv", "ID\tText\n1\tone\n");
    expect((await about()).out).toContain("1 answered before, nothing to send");
    await write("reviews.csv", table(["one"]));
    expect(await about()).toMatchObject({ exit: 0 });
  });

  test.skipIf(process.platform === "win32")(
    "others on this machine cannot look into the folder",
    async () => {
      await rehearse();
      expect((await stat(join(cwd, "reviews.openbatch"))).mode & 0o077).toBe(0);
    },
  );

  test("as a folder with nothing in it, as a kill may leave it, is taken", async () => {
    await mkdir(join(cwd, "reviews.openbatch"));
    await write("reviews.openbatch/ask.json.tmp", "{");
    expect(await rehearse()).toMatchObject({ exit: 0 });
  });

  test.each(["", "{}", "[1]", "null", '{"answers":5}', "\0"])(
    "as a damaged record is refused: %j",
    async (record) => {
      await rehearse();
      await write("reviews.openbatch/ask.json", record);
      expect(await rehearse()).toMatchObject({ exit: 2 });
    },
  );

  test("of a workbook that is open elsewhere keeps the answers for the next time", async () => {
    await copyFile(workbook, join(cwd, "book.xlsx"));
    await write("~$book.answers.xlsx", "");
    const args = ["--number", "--rehearse"];
    const { exit, error } = await askOf("book.xlsx", "How good? {Review Text}", args);
    expect(exit).toBe(3);
    expect(error).toContain("book.answers.xlsx is open in Excel");
    expect(existsSync(join(cwd, "book.answers.xlsx"))).toBe(false);
  });
});

describe("through the Batch API", () => {
  const batch = (baseURL: string, ...args: string[]) =>
    ask("--labels", "yes,no", "--batch", "--model", "gpt-4o-mini", "--base-url", baseURL, "--yes", ...args);

  test("answers stand beside the rows, and only new rows are submitted when the table has grown", async () => {
    await using server = await startBatchServer();
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey });
    const key = { env: { MY_KEY: server.apiKey } };
    const args = ["--labels", "yes,no", "--batch", "--api-key-env", "MY_KEY"];
    const whom = ["--model", "gpt-4o-mini", "--base-url", server.baseURL, "--yes"];
    const first = await askOf("reviews.csv", question, [...args, ...whom], key);
    expect(first).toMatchObject({ exit: 0, out: expect.stringContaining(", through its Batch API\n") });
    expect(await read("reviews.openbatch/commands.txt")).toContain(
      "\nopenbatch submit reviews.openbatch/requests.jsonl --base-url ",
    );
    const rows = await readCells("reviews.answers.csv");
    expect(rows.map(({ Text, label }) => [Text, typeof label])).toEqual(
      ["one", "two", "three"].map((text) => [text, "string"]),
    );
    await write("reviews.csv", table(["three", "four", "one"]));
    const second = await askOf("reviews.csv", question, [...args, ...whom], key);
    expect(second).toMatchObject({
      exit: 0,
      out: expect.stringContaining("3 answered before, 1 request to send"),
    });
    const batches = (await openai.batches.list()).data.map(({ request_counts: counts }) => counts?.total);
    expect(batches).toEqual([1, 3]);
    expect((await readCells("reviews.answers.csv")).map(({ label }) => label)).toEqual([
      rows[2]?.label,
      expect.stringMatching(/yes|no/),
      rows[0]?.label,
    ]);
    // With nothing to send nobody is asked.
    await server.close();
    const third = await askOf("reviews.csv", question, [...args, ...whom], key);
    expect(third).toMatchObject({ exit: 0, out: expect.stringContaining("nothing to send") });
  });

  test("no key goes to a service that openbatch.yaml names, but by --api-key-env", async () => {
    await using server = await startBatchServer({ apiKey: "secret-5" });
    await write("openbatch.yaml", `model: gpt-4o-mini\nbase_url: ${server.baseURL}\n`);
    const env = { OPENAI_API_KEY: server.apiKey, OPENAI_BASE_URL: server.baseURL };
    const args = ["--batch", "--yes"];
    const without = await askOf("reviews.csv", question, args, { env });
    expect(without).toMatchObject({ exit: 3, error: expect.stringContaining("error[key_refused]") });
    const named = await askOf("reviews.csv", question, [...args, "--api-key-env", "OPENAI_API_KEY"], { env });
    expect(named).toMatchObject({ exit: 0 });
  });

  test("--max-cost refuses before anything is uploaded", async () => {
    await using server = await startServer();
    const { exit, error } = await batch(server.baseURL, "--max-cost", "1");
    expect(exit).toBe(2);
    expect(error).toContain("error[cost_over_limit]");
    expect(server.requests).toHaveLength(0);
    expect(await readdir(join(cwd, "reviews.openbatch"))).toEqual([
      "ask.json",
      "requests.jsonl",
      "template.yaml",
    ]);
  });
});

describe("openbatch.yaml", () => {
  test("keeps model and server with --save, and nothing of a key", async () => {
    await using server = await startServer();
    const key = { env: { MY_KEY: "secret-1" } };
    const first = await askOf(
      "reviews.csv",
      question,
      [...at(server.baseURL), "--save", "--api-key-env", "MY_KEY"],
      key,
    );
    expect(first.exit).toBe(0);
    const saved = await read("openbatch.yaml");
    expect(saved).toContain(`model: "m"\nbase_url: "${server.baseURL}"\n`);
    expect(saved).not.toMatch(/secret|MY_KEY/);
    const second = await askOf("reviews.csv", "Sad? {Text}", ["--yes", "--name", "sad"]);
    expect(second.exit).toBe(0);
    expect(second.out).toContain(`To: m at ${server.baseURL}, as openbatch.yaml says\n`);
    expect(server.requests.slice(0, 3).map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill("Bearer secret-1"),
    );
    expect(server.requests.slice(3).map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill(undefined),
    );
  });

  test("gets a key to the server that it names by --api-key-env alone, whatever the environment holds", async () => {
    await using server = await startServer();
    await write("openbatch.yaml", `model: m\nbase_url: ${server.baseURL}\n`);
    const env = { OPENAI_API_KEY: "secret-2", OPENAI_BASE_URL: server.baseURL, GROQ_API_KEY: "secret-3" };
    expect(await askOf("reviews.csv", question, ["--yes"], { env })).toMatchObject({ exit: 0 });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await write("reviews.csv", table(["four"]));
    await askOf("reviews.csv", question, ["--yes", "--api-key-env", "OPENAI_API_KEY"], { env });
    expect(server.requests.at(-1)?.headers.authorization).toBe("Bearer secret-2");
    await write("openbatch.yaml", "model: m\nbase_url: https://api.openai.com/v1\n");
    const openai = await askOf("reviews.csv", question, ["--yes", "--name", "x"], { env });
    expect(openai).toMatchObject({ exit: 2, error: expect.stringContaining("--api-key-env OPENAI_API_KEY") });
  });

  test.each([
    ["a key", "model: m\napi_key: secret-4\n", '"api_key"'],
    ["the name of one", "api_key_env: HOME\n", '"api_key_env"'],
    ["no YAML", "model: [\n", "no YAML"],
    ["a list", "- model\n", '"0"'],
    ["a number", "model: 5\n", "model is no text"],
    ["references", "model: &a m\nbase_url: *a\n", "no YAML"],
    ["a prototype", "__proto__: { model: m }\n", '"__proto__"'],
  ])("with %s is refused, and its values are not shown", async (_, text, words) => {
    await write("openbatch.yaml", text);
    const { exit, error } = await rehearse();
    expect(exit).toBe(2);
    expect(error).toContain("openbatch.yaml in this folder cannot be used");
    expect(error).toContain(words);
    expect(error).not.toContain("secret-4");
  });

  test("is written in the place of a link, and not with what may be a key", async () => {
    await write("elsewhere", "model: other\n");
    await symlink("elsewhere", join(cwd, "openbatch.yaml"));
    expect(await rehearse("--save", "--model", "m")).toMatchObject({ exit: 0 });
    expect(await read("elsewhere")).toBe("model: other\n");
    expect(await read("openbatch.yaml")).toContain('model: "m"');
    for (const url of ["http://x/v1?key=abc", "http://user:abc@x/v1"]) {
      const { exit, error } = await rehearse("--name", "y", "--save", "--base-url", url);
      expect(exit).toBe(2);
      expect(error).not.toContain("abc");
    }
  });
});
