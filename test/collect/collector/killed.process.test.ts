import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { BatchCollector, fixBatchFile, OpenbatchError } from "../../../src/index.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
const collectorUrl = pathToFileURL("dist/index.js").href;
const writer = join(import.meta.dirname, "killed-writer.mjs");

/** More kills than in CI: OPENBATCH_KILLS=200 npx vitest run killed */
const kills = Number(process.env.OPENBATCH_KILLS ?? 3);

/** The same waits in every run, between 0 and 150 ms. */
const waits = Array.from({ length: kills }, (_, index) => (index * 7919 + 13) % 150);

async function writeUntilKilled(path: string, options: { notes: string; buffered: boolean; waitMs: number }) {
  const child = spawn(process.execPath, [writer, collectorUrl, path, options.notes, `${options.buffered}`]);
  const started = once(child.stdout, "data").then(() => true);
  if (!(await Promise.race([started, once(child, "exit").then(() => false)])))
    throw new Error("It did not start.");
  await setTimeout(options.waitMs);
  child.kill("SIGKILL");
  await once(child, "exit");
}

function lastNote(path: string): number {
  if (!existsSync(path)) return -1;
  const notes = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return Math.max(-1, ...notes.map(Number));
}

function isTorn(path: string): boolean {
  const last = readFileSync(path, "utf8").split("\n").at(-1) ?? "";
  return last !== "" && !last.endsWith("}}");
}

describe.each([{ buffered: false }, { buffered: true }])(
  "a process that is killed while it collects, buffered: $buffered",
  ({ buffered }) => {
    it("has lost no line whose call returned, and leaves a file that can be gone on with", async () => {
      const path = join(folder, `killed-${buffered}.jsonl`);
      const notes = join(folder, `killed-${buffered}.notes`);
      for (const waitMs of waits) {
        await writeUntilKilled(path, { notes, buffered, waitMs });
        // The system may stop in the middle of a write; then the call that made it has not returned.
        if (isTorn(path)) {
          expect(() => new BatchCollector(path)).toThrow("half a JSON object");
          await fixBatchFile(path, { inPlace: true });
        }
        const ids = readFileSync(path, "utf8")
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line).custom_id);
        expect(ids).toEqual(ids.map((_, index) => `request-${index}`));
        expect(ids.length).toBeGreaterThan(lastNote(notes));
        using collector = new BatchCollector(path);
        expect(collector.count).toBe(ids.length);
      }
    });
  },
);

it("writes what is held back when the process ends by itself", () => {
  const path = join(folder, "ended.jsonl");
  const script = `
    import { BatchCollector } from ${JSON.stringify(collectorUrl)};
    const collector = new BatchCollector(${JSON.stringify(path)}, { buffered: true });
    for (let index = 0; index < 10; index += 1) collector.embeddings.create({ custom_id: "r" + index, model: "m", input: "x" });
    if (process.argv[1] === "throws") throw new Error("a fault of the script");`;
  for (const [run, argument] of ["ends", "throws"].entries()) {
    rmSync(path, { force: true });
    const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", script, argument]);
    expect(status).toBe(run);
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(11);
  }
});

it.runIf(process.platform === "linux")(
  "writes the other files at the end where one cannot be written",
  () => {
    const path = join(folder, "beside-full.jsonl");
    const script = `
    import { BatchCollector } from ${JSON.stringify(collectorUrl)};
    for (const path of ["/dev/full", ${JSON.stringify(path)}]) {
      const collector = new BatchCollector(path, { buffered: true });
      collector.embeddings.create({ custom_id: "r", model: "m", input: "x" });
    }`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain("disk_full");
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(2);
  },
);

describe("a file cut at any byte", () => {
  it("is gone on with where the last line is whole, and refused where it is half", () => {
    const path = join(folder, "cut.jsonl");
    const line = (id: string) =>
      `{"custom_id":"${id}","method":"POST","url":"/v1/embeddings","body":{"model":"m","input":"x"}}\n`;
    const whole = line("a") + line("b");
    for (let length = 0; length <= whole.length; length += 1) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const cut = whole.slice(0, length);
      const lastLine = cut.slice(cut.lastIndexOf("\n") + 1);
      const isTorn = lastLine !== "" && lastLine.length < line("a").length - 1;
      try {
        using collector = new BatchCollector(path);
        expect(isTorn).toBe(false);
        collector.embeddings.create({ custom_id: "c", model: "m", input: "x" });
        expect(readFileSync(path, "utf8")).toBe(`${cut}${lastLine === "" ? "" : "\n"}${line("c")}`);
      } catch (error) {
        if (!(error instanceof OpenbatchError)) throw error;
        expect(error.code).toBe("torn_last_line");
        expect(isTorn).toBe(true);
        expect(readFileSync(path, "utf8")).toBe(cut);
      }
    }
  });
});

describe.runIf(process.platform === "linux")("a disk that is full", () => {
  const script = (body: string) => `
    import { BatchCollector } from ${JSON.stringify(collectorUrl)};
    const request = (index) => ({ custom_id: "r" + index, model: "m", input: "x".repeat(500) });
    ${body}`;

  const run = (body: string, shell = 'exec "$0" "$@"') =>
    spawnSync("bash", ["-c", shell, process.execPath, "--input-type=module", "-e", script(body)], {
      encoding: "utf8",
    });

  it("makes the call throw with a code and a way on", () => {
    const { stdout } = run(`
      const collector = new BatchCollector("/dev/full");
      try { collector.embeddings.create(request(1)); } catch (error) { console.log(error.code, error.message, collector.count, error.hint); }`);
    expect(stdout).toBe(
      "disk_full Could not write to /dev/full: no space is left (ENOSPC). 0 " +
        'Make room, then run the same again with onDuplicate: "skip": the file holds whole lines.\n',
    );
  });

  it("leaves whole lines in the file, and the same run goes on when there is room", () => {
    const path = join(folder, "limited.jsonl");
    const collect = `
      process.on("SIGXFSZ", () => {});
      const collector = new BatchCollector(${JSON.stringify(path)}, { onDuplicate: "skip" });
      let written = 0;
      try { for (let index = 0; index < 200; index += 1) { collector.embeddings.create(request(index)); written += 1; } }
      catch (error) { console.log(error.code, written); }
      console.log("count", collector.count);`;
    const limited = run(collect, 'ulimit -f 50; exec "$0" "$@"');
    expect(limited.stdout).toMatch(/^disk_full (\d+)\ncount \1$/m);
    const text = readFileSync(path, "utf8");
    expect(text.endsWith("\n")).toBe(true);
    for (const line of text.split("\n").slice(0, -1)) JSON.parse(line);
    expect(run(collect).stdout).toBe("count 200\n");
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(201);
  });
});

describe.runIf(process.platform === "linux" && process.getuid?.() === 0)(
  "a folder without permission",
  () => {
    it("is refused with the path and a way on", () => {
      chmodSync(folder, 0o755);
      const script = `
      import { mkdirSync } from "node:fs";
      import { BatchCollector } from ${JSON.stringify(collectorUrl)};
      mkdirSync(${JSON.stringify(join(folder, "closed"))}, { mode: 0o555 });
      process.setuid(65534);
      try { new BatchCollector(${JSON.stringify(join(folder, "closed", "a.jsonl"))}); }
      catch (error) { console.log(error.code, error.message); }`;
      const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
        encoding: "utf8",
      });
      expect(stdout).toContain(
        `no_permission Could not open ${join(folder, "closed", "a.jsonl")}: this user may not (EACCES).`,
      );
    });
  },
);
