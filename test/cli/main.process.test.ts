import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { mainFile, spawnCli, startCli } from "./start-cli.js";

const packageFile = path.join(mainFile, "../../../package.json");
// The project's own file, which has a version.
const { version } = JSON.parse(readFileSync(packageFile, "utf8")) as { readonly version: string };

describe("openbatch", () => {
  test.each(["--version", "-V"])("%s prints the version of the package", async (option) => {
    expect(await spawnCli([option])).toEqual({ exit: 0, out: `${version}\n`, error: "" });
  });

  test("--version costs little more of the processor than starting Node", () => {
    const bare = Array.from({ length: 5 }, () => measureCpuMs(["-e", "0"]));
    const ours = Array.from({ length: 5 }, () => measureCpuMs([mainFile, "--version"]));
    expect(median(ours)).toBeLessThan(2 * median(bare));
  });

  test("ends with the exit code of what it did, and writes help and errors to their streams", async () => {
    const [help, wrong] = await Promise.all([spawnCli(["--help"]), spawnCli(["frobnicate"])]);
    expect(help).toMatchObject({ exit: 0, out: expect.stringMatching(/^Usage: /), error: "" });
    expect(wrong).toMatchObject({ exit: 2, out: "", error: expect.stringContaining("error[wrong_usage]") });
  });
});

describe("a reader that goes away", () => {
  test.each([[["--help"]], [["validate", packageFile]]])("ends %j in silence", async (args) => {
    const { child, ended } = startCli(args);
    child.stdin.end();
    child.stdout.destroy();
    expect(await ended()).toMatchObject({ exit: 0, error: "" });
  });
});

const cpuReport = "process.on('exit', () => process.stderr.write(JSON.stringify(process.cpuUsage())))";

/** What a call of Node takes of the processor, which does not grow much where others need it too. */
function measureCpuMs(args: readonly string[]): number {
  const measured = ["--import", `data:text/javascript,${encodeURIComponent(cpuReport)}`, ...args];
  const { stderr } = spawnSync(process.execPath, measured, { encoding: "utf8" });
  const { user, system } = JSON.parse(stderr);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((first, second) => first - second)[values.length >> 1] ?? Number.NaN;
}
