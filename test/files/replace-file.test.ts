import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replaceFile } from "../../src/files/index.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();

describe("replaceFile", () => {
  it("puts a whole file in the place of another", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "before");
    await replaceFile(path, (file) => file.writeFile("after"));
    expect(readFileSync(path, "utf8")).toBe("after");
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("leaves what was there, and nothing beside it, when the writing fails", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "before");
    const writing = replaceFile(path, async (file) => {
      await file.writeFile("half");
      throw new Error("no more");
    });
    await expect(writing).rejects.toThrow("no more");
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("names the path that it cannot write", async () => {
    const path = join(folder, "no", "such", "folder");
    await expect(replaceFile(path, async () => {})).rejects.toMatchObject({
      code: "file_not_found",
      message: expect.stringContaining(path),
    });
  });
});
