import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { mainFile } from "./run-cli.js";

const waiting = `
  const { listenForInterrupts } = await import(${JSON.stringify(new URL("interrupt.js", `file://${mainFile}`).href)});
  const signal = listenForInterrupts();
  signal.addEventListener("abort", () => console.log(signal.reason.code));
  setInterval(() => undefined, 1000);
  console.log("waiting");
`;

describe.each(["SIGINT", "SIGTERM"] as const)("%s", (name) => {
  test("aborts what is under way, and ends the process at once when it comes again", async () => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", waiting]);
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
