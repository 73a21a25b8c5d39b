import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openBytes } from "../../src/files/index.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const text = `${"a line of some length\n".repeat(50_000)}the end`;

async function read(path: string | URL, signal?: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of openBytes(path, signal === undefined ? {} : { signal })) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function write(name: string, bytes: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe("openBytes", () => {
  it("reads a file by path and by file URL", async () => {
    const path = write("plain.txt", text);
    expect(await read(path)).toBe(text);
    expect(await read(pathToFileURL(path))).toBe(text);
    expect(await read(pathToFileURL(path).href)).toBe(text);
  });

  it("reads gzip whatever the file is called, also of several members", async () => {
    expect(await read(write("some.gz", gzipSync(text)))).toBe(text);
    expect(await read(write("some.jsonl", Buffer.concat([gzipSync(text), gzipSync("!")])))).toBe(`${text}!`);
  });

  it.each([
    ["empty", ""],
    ["one byte", "a"],
  ])("reads a file that is %s", async (name, content) => {
    expect(await read(write(name, content))).toBe(content);
  });

  it("says that a cut .gz cannot be read to its end", async () => {
    const path = write("cut.gz", gzipSync(text).subarray(0, 600));
    await expect(read(path)).rejects.toMatchObject({
      code: "unreadable_input",
      message: expect.stringContaining(path),
    });
  });

  it("says that there is no such file, or that it is a folder", async () => {
    const missing = join(folder, "missing");
    await expect(read(missing)).rejects.toMatchObject({
      code: "file_not_found",
      message: expect.stringContaining(missing),
    });
    mkdirSync(join(folder, "sub"));
    await expect(read(join(folder, "sub"))).rejects.toMatchObject({ code: "not_a_file" });
  });

  it("stops when it is aborted", async () => {
    const path = write("long.txt", text);
    await expect(read(path, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });

  it("reads standard input", () => {
    const script = `
      import { openBytes } from ${JSON.stringify(pathToFileURL("src/files/open-bytes.ts").href)};
      let bytes = 0;
      for await (const chunk of openBytes("-")) bytes += chunk.length;
      console.log(bytes);`;
    const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      input: gzipSync(text),
    });
    expect(stdout.toString().trim()).toBe(`${text.length}`);
  });
});
