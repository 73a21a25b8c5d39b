import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startLoopbackServer } from "../../execute/loopback-server.js";
import { idsIn, requestIds, writeRequests } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";
import { mainFile } from "../start-cli.js";

// `script` of util-linux gives a process a terminal of its own, which is closed when `script` is killed.
const hasTerminals = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

const root = temporaryFolder();

/**
 * Runs the command on a terminal, below a shell that a hang-up ends, as it is with users; another shell, which no hang-up
 * ends, writes the exit code into the file `exit`.
 */
function startOnTerminal(cwd: string, args: readonly string[]): ChildProcess {
  const line = `(trap '' HUP; ${[process.execPath, mainFile, ...args].join(" ")}; echo $? > exit); true`;
  const child = spawn("script", ["--quiet", "--flush", "--command", line, "/dev/null"], {
    cwd,
    env: { ...process.env, SHELL: "/bin/sh", OPENAI_API_KEY: "" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

function startFolder(name: string): string {
  const cwd = join(root, name);
  mkdirSync(cwd);
  return cwd;
}

async function closeTerminal(terminal: ChildProcess): Promise<void> {
  terminal.kill("SIGKILL");
  await once(terminal, "exit");
}

async function readExit(cwd: string): Promise<string> {
  await expect.poll(() => existsSync(join(cwd, "exit"))).toBe(true);
  await expect.poll(() => readFileSync(join(cwd, "exit"), "utf8")).toMatch(/\n$/);
  return readFileSync(join(cwd, "exit"), "utf8");
}

describe.runIf(hasTerminals)("a terminal that is closed", () => {
  test("stops a run in good order, however often it is told, and the same command goes on", async () => {
    const cwd = startFolder("run");
    const [output, lock] = [join(cwd, "requests.results.jsonl"), join(cwd, "requests.results.lock")];
    writeRequests(join(cwd, "requests.jsonl"), requestIds(20));
    let answer = (): void => {};
    const open = new Promise<undefined>((resolve) => {
      answer = () => resolve(undefined);
    });
    await using server = await startLoopbackServer(() => open);
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL, "--concurrency", "3"];
    const terminal = startOnTerminal(cwd, args);
    await expect.poll(() => server.requests.length).toBe(3);
    const { pid } = JSON.parse(readFileSync(lock, "utf8"));
    process.kill(pid, "SIGHUP");
    await closeTerminal(terminal);
    answer();
    expect(await readExit(cwd)).toBe("129\n");
    const sent = server.requests.length;
    expect(sent).toBeLessThan(20);
    expect(idsIn(output)).toHaveLength(sent);
    expect(existsSync(lock)).toBe(false);
    expect(await runCli(args, { cwd, env: { OPENAI_API_KEY: "" } })).toMatchObject({ exit: 0 });
    expect(server.requests).toHaveLength(20);
  });

  test("stops a server in good order", async () => {
    const cwd = startFolder("serve");
    const terminal = startOnTerminal(cwd, ["serve", "--rehearse", "--port", "0", "--data", "state"]);
    await once(terminal.stdout ?? terminal, "data");
    await closeTerminal(terminal);
    expect(await readExit(cwd)).toBe("129\n");
    expect(existsSync(join(cwd, "state", "server.lock"))).toBe(false);
  });
});
