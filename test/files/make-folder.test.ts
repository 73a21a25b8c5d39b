import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../../src/files/index.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();

function codeOf(path: string): string | undefined {
  try {
    makeFolder(path);
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "none";
  }
}

describe("a folder", () => {
  test("is made with those above it, for whom it is to be", () => {
    const path = join(root, "a", "b", "c");
    makeFolder(path, { mode: 0o700 });
    for (const each of [path, join(root, "a")]) expect(statSync(each).mode & 0o777).toBe(0o700);
  });

  test("that is there stays as it is, also behind a link", () => {
    mkdirSync(join(root, "there"), { mode: 0o750 });
    symlinkSync("there", join(root, "link"));
    for (const path of ["there", "link", "there/", "there/.", "link/new"]) makeFolder(join(root, path));
    makeFolder("/");
    expect(statSync(join(root, "there")).mode & 0o777).toBe(0o750);
    expect(existsSync(join(root, "there", "new"))).toBe(true);
  });

  test("is not made where a file or a link to nothing is", () => {
    writeFileSync(join(root, "file"), "");
    symlinkSync("nowhere", join(root, "dangling"));
    expect(codeOf(join(root, "file"))).toBe("not_a_folder");
    expect(codeOf(join(root, "file", "below"))).toBe("not_a_folder");
    expect(codeOf(join(root, "dangling"))).toBe("not_a_folder");
    expect(codeOf("")).toBe("file_not_found");
  });

  test.runIf(process.platform === "linux")("is refused where the system makes none", () => {
    expect(codeOf("/proc/nope")).toBe("file_not_found");
    expect(codeOf("/proc/nope/below")).toBe("file_not_found");
  });
});
