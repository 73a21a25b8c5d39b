import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { mainFile, spawnCli, startCli } from "../start-cli.js";

const root = temporaryFolder();
let cwd: string;

const template = `endpoint: /v1/chat/completions
custom_id: "q-{id}"
parameters: { model: gpt-4o-mini }
messages:
  - { role: user, content: "{text}" }
`;
const rows = (count: number) =>
  `id,text\n${Array.from({ length: count }, (_, index) => `${index},text ${index}\n`).join("")}`;

beforeEach(() => {
  cwd = mkdtempSync(join(root, "build-"));
  writeFileSync(join(cwd, "t.yaml"), template);
  writeFileSync(join(cwd, "rows.csv"), rows(3));
  writeFileSync(join(cwd, "b.jsonl"), '{"custom_id":"a"}\n');
});

const args = ["build", "-t", "t.yaml", "-i", "rows.csv", "-o", "r.jsonl"];

test("reads a pipe and writes a pipe", async () => {
  const piped = ["build", "-t", "t.yaml", "-i", "-", "--input-format", "csv", "-o", "-"];
  const { exit, out, error } = await spawnCli(piped, { cwd, input: rows(5000) });
  expect({ exit, error }).toEqual({ exit: 0, error: "Wrote 5,000 requests to standard output.\n" });
  await spawnCli([...args, "--overwrite"], { cwd });
  const lines = out.split("\n");
  expect(lines).toHaveLength(5001);
  expect(readFileSync(join(cwd, "r.jsonl"), "utf8").split("\n").slice(0, 3)).toEqual(lines.slice(0, 3));
});

describe.skipIf(!existsSync("/dev/full"))(
  "standard output on a full disk (skipped without /dev/full)",
  () => {
    const toFullDisk = (...args: string[]) =>
      promisify(execFile)("/bin/sh", ["-c", '"$@" > /dev/full', "sh", process.execPath, mainFile, ...args], {
        cwd,
      }).catch((error: unknown) => error);

    test.each([
      [["build", "-t", "t.yaml", "-i", "rows.csv", "-o", "-"]],
      [["validate", "b.jsonl"]],
      [["--help"]],
    ])("%j ends with disk_full", async (args) => {
      expect(await toFullDisk(...args)).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(
          /error\[disk_full\]: Could not write to standard output: no space is left \(ENOSPC\)\.\nhint: Make room, then run the same again\.\n$/,
        ),
      });
    });
  },
);

test("interrupted, it tells what was written, and goes on with --append", async () => {
  const total = 60_000;
  writeFileSync(join(cwd, "rows.csv"), rows(total));
  const { child, ended } = startCli(args, { cwd });
  const output = join(cwd, "r.jsonl");
  while (!statSync(output, { throwIfNoEntry: false })?.size && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill("SIGINT");
  const { exit, error } = await ended();
  expect(exit).toBe(130);
  const written = readFileSync(output, "utf8").split("\n").length - 1;
  expect(written).toBeGreaterThan(0);
  expect(error).toContain(`r.jsonl holds ${written.toLocaleString("en-US")} request`);
  expect(error).toContain("--append to go on");
  expect(await spawnCli([...args, "--append"], { cwd })).toMatchObject({ exit: 0 });
  expect(readFileSync(output, "utf8").split("\n")).toHaveLength(total + 1);
});

test.skipIf(process.platform === "win32")(
  "--append on a full disk says what came into the file",
  async () => {
    writeFileSync(join(cwd, "rows.csv"), rows(9_000));
    await spawnCli([...args, "--limit", "100"], { cwd });
    const limited = ["-c", 'trap \'\' XFSZ; ulimit -f 400; exec "$0" "$@"', process.execPath, mainFile];
    const ran = await promisify(execFile)("bash", [...limited, ...args, "--append"], { cwd }).catch(
      (error: unknown) => error,
    );
    const added = readFileSync(join(cwd, "r.jsonl"), "utf8").split("\n").length - 1 - 100;
    expect(added).toBeGreaterThan(0);
    expect(ran).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(
        `${added.toLocaleString("en")} requests were added to r.jsonl. The other requests are not there.`,
      ),
    });
  },
);
