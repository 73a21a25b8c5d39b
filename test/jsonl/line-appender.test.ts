import { appendFileSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LineAppender } from "../../src/jsonl/index.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();

function open(name: string, before = ""): { path: string; appender: LineAppender } {
  const path = join(folder, name);
  writeFileSync(path, before);
  return { path, appender: new LineAppender(openSync(path, "a+"), path) };
}

describe("LineAppender", () => {
  it("writes what was taken when it is flushed, and says where each line starts", () => {
    const { path, appender } = open("flushed", "first\n");
    expect(appender.position).toBe(6);
    appender.append("zwölf");
    expect(appender.position).toBe(13);
    expect(readFileSync(path, "utf8")).toBe("first\n");
    appender.flush();
    expect(readFileSync(path, "utf8")).toBe("first\nzwölf\n");
    appender.close();
  });

  it("writes lines of any length in their order", () => {
    const { path, appender } = open("lengths");
    const lines = [1, 65_535, 65_536, 10, 65_534, 200_000, 3, 30_000, 30_000, 30_000].map((length, index) =>
      String.fromCharCode(0x4e00 + index).repeat(length),
    );
    for (const line of lines) appender.append(line);
    appender.close();
    expect(readFileSync(path, "utf8")).toBe(`${lines.join("\n")}\n`);
  });

  it("writes many lines of ASCII at once in their order, also more than it holds back", () => {
    const { path, appender } = open("at-once");
    const groups = [3, 1, 4000, 2, 9000, 9000, 1].map((count, index) =>
      `${index} `.padEnd(16, "x").concat("\n").repeat(count),
    );
    for (const group of groups) {
      appender.append("é");
      appender.appendAsciiLines(Buffer.from(group));
    }
    const expected = groups.map((group) => `é\n${group}`).join("");
    expect(appender.position).toBe(Buffer.byteLength(expected));
    appender.close();
    expect(readFileSync(path, "utf8")).toBe(expected);
  });

  it("only ever leaves whole lines in the file before it is flushed", () => {
    const { path, appender } = open("whole");
    for (let index = 0; index < 5000; index += 1) {
      appender.append(`line ${index}`);
      if (index % 500 === 0) expect(readFileSync(path, "utf8")).toMatch(/^(line \d+\n)*$/);
    }
    appender.close();
  });

  it("takes lines back that are not in the file yet", () => {
    const { path, appender } = open("discarded");
    appender.append("kept");
    const position = appender.position;
    appender.append("taken back");
    appender.discardFrom(position);
    appender.close();
    expect(readFileSync(path, "utf8")).toBe("kept\n");
  });

  it("notices that another process wrote to the file", () => {
    const { path, appender } = open("shared");
    expect(appender.isShared).toBe(false);
    appendFileSync(path, "from elsewhere\n");
    expect(appender.isShared).toBe(true);
    appender.resync();
    expect(appender.position).toBe(15);
    appender.close();
  });

  it.runIf(process.platform === "linux")("keeps the lines that a full disk refused, and says so", () => {
    const appender = new LineAppender(openSync("/dev/full", "a+"), "/dev/full");
    appender.append("a line");
    expect(() => appender.flush()).toThrow(/Could not write to \/dev\/full: no space is left \(ENOSPC\)/);
    expect(appender.position).toBe(7);
  });
});
