import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { readRows, writeRows } from "../../../src/rows/index.js";
import { type Reply, startLoopbackServer, toChatCompletion } from "../../execute/loopback-server.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { mainFile } from "../start-cli.js";

// `script` of util-linux gives a process a terminal of its own.
const hasTerminals = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

const root = temporaryFolder();
const question = "How is it? {Review Text}";
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(root, "ask-"));
});

/** `openbatch ask` on a terminal of 80 columns. */
class Terminal {
  readonly #child: ChildProcess;
  said = "";

  constructor(args: readonly string[]) {
    const words = [process.execPath, mainFile, "ask", ...args].map((word) => `'${word}'`).join(" ");
    this.#child = spawn("script", ["-qfec", `stty cols 80; exec ${words}`, "/dev/null"], {
      cwd,
      env: { ...process.env, SHELL: "/bin/sh", NO_COLOR: "1", OPENAI_API_KEY: "", OPENAI_BASE_URL: "" },
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.said += text;
    });
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  async says(text: string): Promise<void> {
    await expect.poll(() => this.said, { timeout: 20_000 }).toContain(text);
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    return this.#child.exitCode;
  }
}

async function writeTable(name: string, texts: readonly string[]): Promise<void> {
  const rows = texts.map((text, index) => ({ ID: index + 1, "Review Text": text }));
  await writeRows(join(cwd, name), rows, { overwrite: true });
}

async function readAnswers(name: string) {
  const cells: Record<string, unknown>[] = [];
  for await (const row of readRows(join(cwd, name))) cells.push(row.cells);
  return cells.map((row) => [row["Review Text"], row.text]);
}

const startServer = (reply: (text: string) => Promise<Reply | undefined> = async () => undefined) => {
  const asked: string[] = [];
  const server = startLoopbackServer(async (request) => {
    const { messages } = request.json as { readonly messages?: readonly { readonly content: string }[] };
    const text = messages?.at(-1)?.content.replace("How is it? ", "") ?? "";
    asked.push(text);
    return (await reply(text)) ?? { body: toChatCompletion(request, `about ${text}`) };
  });
  return server.then(({ baseURL, close }) => ({
    ...{ asked, args: ["--model", "m", "--base-url", baseURL] },
    [Symbol.asyncDispose]: close,
  }));
};

const texts = Array.from({ length: 12 }, (_, index) => `text ${index + 1}`);

describe.runIf(hasTerminals)("openbatch ask on a terminal", () => {
  test.each(["csv", "xlsx", "parquet"])(
    "asks before it sends, is killed, and goes on where it was with the rows as they are then: %s",
    { timeout: 60_000 },
    async (kind) => {
      const [table, answers] = [`reviews.${kind}`, `reviews.answers.${kind}`];
      await writeTable(table, texts);
      let isSlow = true;
      const never = new Promise<undefined>(() => undefined);
      await using server = await startServer(async (text) =>
        isSlow && Number(text.split(" ")[1]) > 5 ? never : undefined,
      );
      const args = [table, question, ...server.args, "--concurrency", "4"];
      const first = new Terminal(args);
      await first.says("Send 12 requests? [y/N] ");
      expect(server.asked).toEqual([]);
      expect(first.said).toContain("How is it? text 1\r\n");
      first.type("y\n");
      await expect.poll(() => server.asked.length, { timeout: 20_000 }).toBe(9);
      const lock = join(cwd, "reviews.openbatch/requests.results.lock");
      const results = join(cwd, "reviews.openbatch/requests.results.jsonl");
      await expect.poll(() => readFileSync(results, "utf8").split("\n").length).toBe(6);
      process.kill(JSON.parse(readFileSync(lock, "utf8")).pid, "SIGKILL");
      expect(await first.ended()).toBe(137);
      expect(existsSync(join(cwd, answers))).toBe(false);

      isSlow = false;
      server.asked.length = 0;
      const now = ["text 12", "new", ...texts.slice(0, 8), "text 1"];
      await writeTable(table, now);
      const second = new Terminal(args);
      await second.says("Send 5 requests? [y/N] ");
      // It is broken between words where the terminal ends.
      expect(second.said.replace(/\s+/g, " ")).toContain(
        "11 rows, 1 the same as others, 5 answered before, 5 requests to send",
      );
      second.type("yes\n");
      expect(await second.ended()).toBe(0);
      expect([...server.asked].sort()).toEqual(["new", "text 12", "text 6", "text 7", "text 8"]);
      expect(await readAnswers(answers)).toEqual(now.map((text) => [text, `about ${text}`]));
    },
  );

  test("sends nothing for any answer but yes, nor after Ctrl-C or the end of the input", {
    timeout: 60_000,
  }, async () => {
    await writeTable("reviews.csv", texts);
    await using server = await startServer();
    for (const [typed, exit] of [
      ["n\n", 2],
      ["\n", 2],
      ["\u0004", 2],
      ["\u0003", 130],
    ] as const) {
      const terminal = new Terminal(["reviews.csv", question, ...server.args]);
      await terminal.says("[y/N] ");
      terminal.type(typed);
      expect(await terminal.ended()).toBe(exit);
      expect(terminal.said.includes("\nNothing was sent. ")).toBe(exit === 2);
      if (exit === 2) expect(terminal.said).not.toContain("error[");
    }
    expect(server.asked).toEqual([]);
    expect((await readdir(cwd)).sort()).toEqual(["reviews.csv", "reviews.openbatch"]);
  });

  test("Ctrl-C in the midst of it writes what was answered by then", { timeout: 60_000 }, async () => {
    await writeTable("reviews.csv", texts);
    let let6End = (): void => {};
    const held = new Promise<undefined>((resolve) => {
      let6End = () => resolve(undefined);
    });
    await using server = await startServer(async (text) => (text === "text 6" ? held : undefined));
    const terminal = new Terminal(["reviews.csv", question, ...server.args, "--concurrency", "1", "--yes"]);
    await expect.poll(() => server.asked.length, { timeout: 20_000 }).toBe(6);
    terminal.type("\u0003");
    await terminal.says("Stopping: ");
    let6End();
    expect(await terminal.ended()).toBe(130);
    expect(terminal.said).toContain("The same command goes on.");
    expect(terminal.said).toContain(`\n6 of ${texts.length} rows have answers.`);
    const answered = await readAnswers("reviews.answers.csv");
    expect(answered.map(([, text]) => text !== "")).toEqual(texts.map((_, index) => index < 6));
  });

  test("killed at any moment, it goes on with the same command, to the same answers", {
    timeout: 120_000,
  }, async () => {
    await using server = await startServer();
    const args = ["reviews.csv", question, ...server.args, "--yes"];
    const kills = Number(process.env.OPENBATCH_KILLS ?? 8);
    for (let count = 1; count <= kills; count += 1) {
      await writeTable("reviews.csv", texts.slice(0, 4 + (count % 8)));
      const child = spawn(process.execPath, [mainFile, "ask", ...args], { cwd, stdio: "ignore" });
      const ended = once(child, "exit");
      // From before the folder is made to after the answers are in their place.
      const timer = setTimeout(() => child.kill("SIGKILL"), 150 + (count / kills) * 500);
      await ended;
      clearTimeout(timer);
    }
    await writeTable("reviews.csv", texts);
    const last = new Terminal(args);
    expect(await last.ended()).toBe(0);
    expect(await readAnswers("reviews.answers.csv")).toEqual(texts.map((text) => [text, `about ${text}`]));
  });

  test("no line of what it prints before it asks is wider than the terminal", {
    timeout: 60_000,
  }, async () => {
    await writeTable("reviews.csv", ["word ".repeat(400), "x".repeat(900), "a\nb\nc\nd\ne\nf\ng\nh"]);
    await using server = await startServer();
    const terminal = new Terminal(["reviews.csv", question, ...server.args]);
    await terminal.says("[y/N] ");
    terminal.type("n\n");
    await terminal.ended();
    // What was drawn and taken away again is no line.
    const before = terminal.said.split("Send 3 requests?")[0] ?? "";
    const lines = before.split("\r\n").map((line) => line.split("\u001B[2K").at(-1) ?? "");
    expect(lines.filter((line) => line.startsWith("  │")).length).toBeGreaterThan(15);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});
