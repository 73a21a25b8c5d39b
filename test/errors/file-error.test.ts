import { mkdirSync, openSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OpenbatchError, toFileError } from "../../src/errors/index.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const file = join(folder, "a.jsonl");
writeFileSync(file, "");
mkdirSync(join(folder, "inner", "most"), { recursive: true });

describe("what the file system refuses", () => {
  test.each([
    ["file_not_found", "there is no such file or folder (ENOENT)", () => readFileSync(join(folder, "no"))],
    ["file_exists", "it is there already (EEXIST)", () => openSync(file, "wx")],
    ["not_a_file", "it is a folder (EISDIR)", () => openSync(join(folder, "inner"), "w")],
    ["not_a_folder", "a part of the path is no folder (ENOTDIR)", () => readFileSync(join(file, "b"))],
  ])("becomes %s, which says why in words", (code, why, refused) => {
    expect(toFileError(catchFrom(refused), "open", "some.jsonl")).toMatchObject({
      code,
      message: `Could not open some.jsonl: ${why}.`,
    });
  });

  test.each([
    ["no_permission", "EACCES", "this user may not"],
    ["no_permission", "EPERM", "this user may not"],
    ["no_permission", "EROFS", "the disk is read-only"],
    ["disk_full", "ENOSPC", "no space is left"],
    ["disk_full", "EDQUOT", "this user may use no more space"],
    ["disk_full", "EFBIG", "it may not grow further"],
    ["file_failed", "EMFILE", "the operating system refused"],
  ])("becomes %s for %s", (code, system, why) => {
    const cause = Object.assign(new Error(system), { code: system, syscall: "open" });
    expect(toFileError(cause, "open", "some.jsonl")).toMatchObject({
      code,
      message: `Could not open some.jsonl: ${why} (${system}).`,
      cause,
    });
  });

  test.runIf(process.platform === "linux")("keeps the system's code where there are no words for it", () => {
    expect(
      toFileError(
        catchFrom(() => rmdirSync(join(folder, "inner"))),
        "remove",
        "inner",
      ),
    ).toMatchObject({
      code: "file_failed",
      message: "Could not remove inner: the operating system refused (ENOTEMPTY).",
    });
  });
});

test("what comes from elsewhere stays what it is", () => {
  for (const cause of [new OpenbatchError("interrupted", "Stopped."), new TypeError("no"), "text"]) {
    expect(toFileError(cause, "open", "some.jsonl")).toBe(cause);
  }
});

function catchFrom(refused: () => unknown): unknown {
  try {
    refused();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}
