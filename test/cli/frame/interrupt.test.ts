import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { mainFile } from "../run-cli.js";

const waiting = fileURLToPath(new URL("wait-for-interrupt.ts", import.meta.url));

describe.each(["SIGINT", "SIGTERM"] as const)("%s", (name) => {
  test("aborts what is under way, and ends the process at once when it comes again", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", waiting]);
    const outputs: string[] = [];
    for await (const text of child.stdout.setEncoding("utf8")) {
      outputs.push(String(text).trim());
      child.kill(name);
    }
    if (child.exitCode === null) await once(child, "exit");
    expect(outputs).toEqual(["waiting", "interrupted"]);
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

test("a command that waits for its input ends with 130 at Ctrl-C", async () => {
  const child = spawn(process.execPath, [mainFile, "validate", "-"]);
  let error = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    error += text;
  });
  setTimeout(() => child.kill("SIGINT"), 800);
  const [exit] = await once(child, "close");
  expect(exit).toBe(130);
  expect(error).toContain("error[interrupted]: Interrupted.");
});
