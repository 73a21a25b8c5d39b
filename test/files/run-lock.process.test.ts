import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OpenbatchError } from "../../src/errors/index.js";
import { RunLock } from "../../src/files/run-lock.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const children: ChildProcess[] = [];
let number = 0;

function newPath(): string {
  number += 1;
  return join(folder, `${number}.lock`);
}

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

/** A process that does what it is told by a line: to take a lock, with the answer on a line of its own. */
class Taker {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #errors = "";

  constructor() {
    this.child = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "lock-taker.ts")]);
    children.push(this.child);
    this.#lines = linesOf(this.child);
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors += text;
    });
  }

  async ready(): Promise<this> {
    await this.answer();
    return this;
  }

  ask(path: string): void {
    this.child.stdin?.write(`${path}\n`);
  }

  async answer(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`The process that takes locks ended: ${this.#errors}`);
    return value;
  }

  async kill(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }
}

async function* linesOf({ stdout }: ChildProcess): AsyncGenerator<string> {
  let text = "";
  for await (const chunk of stdout ?? []) {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    yield* lines;
  }
}

function takeError(path: string): OpenbatchError {
  try {
    RunLock.take(path);
  } catch (error) {
    if (error instanceof OpenbatchError) return error;
    throw error;
  }
  throw new Error("It was taken.");
}

function writeHolder(path: string, change: Readonly<Record<string, unknown>> = {}): void {
  const lock = RunLock.take(path);
  const holder = JSON.parse(readFileSync(path, "utf8"));
  lock.release();
  writeFileSync(path, JSON.stringify({ ...holder, token: crypto.randomUUID(), ...change }));
}

/** More than any system gives. */
const noPid = 2 ** 30;

describe("a lock", () => {
  test("names its process, is its owner's alone, and goes when it is released", () => {
    const path = newPath();
    const lock = RunLock.take(path);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid, host: hostname() });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    lock.release();
    expect(existsSync(path)).toBe(false);
  });

  test("is refused within the process that has it, too", () => {
    const path = newPath();
    const lock = RunLock.take(path);
    const error = takeError(path);
    expect(error.code).toBe("run_in_progress");
    expect(error.message).toContain(`${process.pid}`);
    expect(error.hint).toContain(path);
    lock.release();
    RunLock.take(path).release();
  });

  test("of a dead process does not keep it", () => {
    const path = newPath();
    writeHolder(path, { pid: noPid });
    RunLock.take(path).release();
    expect(existsSync(path)).toBe(false);
  });

  test.runIf(process.platform === "linux")("of a process whose id another has got does not keep it", () => {
    const path = newPath();
    writeHolder(path, { process_start: "1" });
    RunLock.take(path).release();
  });

  test("of another machine is refused, with the way out", () => {
    const path = newPath();
    writeHolder(path, { host: "elsewhere", pid: noPid });
    const error = takeError(path);
    expect(error.message).toContain("elsewhere");
    expect(error.hint).toContain(`remove ${path}`);
  });

  test.each(["", "{", "[]", '{"pid":"1"}'])(
    "that is not readable (%j) is refused, with the way out",
    (text) => {
      const path = newPath();
      writeFileSync(path, text);
      expect(takeError(path).hint).toContain(`remove ${path}`);
    },
  );

  // There even root makes no file.
  test.runIf(process.platform === "linux")("where nothing can be written names another folder", () => {
    const error = takeError("/sys/requests.results.lock");
    expect(error).toMatchObject({ code: "no_permission", hint: expect.stringContaining("--output FILE") });
  });

  test("that is another's by now is not removed by who had it", () => {
    const path = newPath();
    const lock = RunLock.take(path);
    rmSync(path);
    const other = RunLock.take(path);
    lock.release();
    expect(existsSync(path)).toBe(true);
    other.release();
  });

  test("is taken over where a process died that was taking it over", () => {
    const path = newPath();
    writeHolder(path, { pid: noPid, token: "00000000-0000-4000-8000-000000000001" });
    writeHolder(`${path}.00000000-0000-4000-8000-000000000001`, {
      pid: noPid,
      token: "00000000-0000-4000-8000-000000000002",
    });
    RunLock.take(path).release();
    expect(readdirSync(folder).filter((name) => name.startsWith(`${number}.lock`))).toEqual([]);
  });
});

describe("several processes", () => {
  test("that find the same dead lock do not both take it", async () => {
    const takers = await Promise.all(Array.from({ length: 4 }, () => new Taker().ready()));
    const path = newPath();
    for (let round = 0; round < 20; round += 1) {
      writeHolder(path, { pid: noPid });
      for (const taker of takers) taker.ask(path);
      const answers = await Promise.all(takers.map((taker) => taker.answer()));
      expect(answers.sort()).toEqual(["run_in_progress", "run_in_progress", "run_in_progress", "taken"]);
      rmSync(path);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith(`${number}.lock`))).toEqual([]);
  });

  test("give way to the one that has it, until it is killed", async () => {
    const path = newPath();
    const taker = await new Taker().ready();
    taker.ask(path);
    expect(await taker.answer()).toBe("taken");
    expect(takeError(path).message).toContain(`${taker.child.pid}`);
    await taker.kill();
    RunLock.take(path).release();
  });
});
