import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { chatLines, toLines } from "../../lines.js";
import { startCli } from "../start-cli.js";

const waiting = fileURLToPath(new URL("wait-for-interrupt.ts", import.meta.url));

describe.each(["SIGINT", "SIGTERM"] as const)("%s", (name) => {
  test("aborts what is under way, and ends the process at once when it comes again", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", waiting]);
    const outputs: string[] = [];
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      words += text;
    });
    for await (const text of child.stdout.setEncoding("utf8")) {
      outputs.push(String(text).trim());
      child.kill(name);
    }
    if (child.exitCode === null) await once(child, "exit");
    expect(outputs).toEqual(["waiting", "interrupted"]);
    expect(words).toBe("The same goes on.\n");
    expect(child.exitCode).toBe(130);
  });
});

test.skipIf(process.platform === "win32")("a hang-up is nothing to a process under nohup", async () => {
  const child = spawn("nohup", [process.execPath, "--import", "tsx", waiting]);
  let output = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    output += String(text);
    child.kill(output === "waiting\n" ? "SIGHUP" : "SIGTERM");
  }
  if (child.exitCode === null) await once(child, "exit");
  expect(output).toBe("waiting\nhung up\ninterrupted\n");
  expect(child.exitCode).toBe(130);
});

test("a command that reads its input ends with 130 at Ctrl-C", async () => {
  const { child, ended } = startCli(["validate", "-"]);
  // More than a pipe holds: when it is written, the command reads.
  await new Promise<void>((resolve) => void child.stdin.write(toLines(chatLines(20_000)), () => resolve()));
  child.kill("SIGINT");
  expect(await ended()).toMatchObject({
    exit: 130,
    error: expect.stringContaining("error[interrupted]: Interrupted."),
  });
});
