import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeOutput, writeOutput } from "../../src/files/index.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const write = (name: string) =>
  writeOutput(join(folder, name), { overwrite: false }, (file) => file.writeFile("all"));

test("a link to what is not there yet stays one, and the file is made where it leads", async () => {
  symlinkSync("second", join(folder, "first"));
  symlinkSync("file.csv", join(folder, "second"));
  await write("first");
  expect(readFileSync(join(folder, "file.csv"), "utf8")).toBe("all");
  expect(lstatSync(join(folder, "first")).isSymbolicLink()).toBe(true);
  await expect(write("first")).rejects.toMatchObject({ code: "file_exists" });
});

test.each([
  ["a folder", "not_a_file", (path: string) => mkdirSync(path)],
  [
    "a link into a folder that is not there",
    "file_not_found",
    (path: string) => symlinkSync("no/file", path),
  ],
  ["a link to itself", "file_failed", (path: string) => symlinkSync("loop", path)],
])("%s is refused, and nothing is left beside it", async (_, code, make) => {
  make(join(folder, "loop"));
  const before = readdirSync(folder);
  await expect(write("loop")).rejects.toMatchObject({ code });
  expect(readdirSync(folder)).toEqual(before);
  rmSync(join(folder, "loop"), { recursive: true });
});

test("what somebody else has put there meanwhile is not replaced", async () => {
  const place = mkdtempSync(join(folder, "meanwhile-"));
  const path = join(place, "file.csv");
  const writing = writeOutput(path, { overwrite: false }, async (file) => {
    await file.writeFile("ours");
    writeFileSync(path, "theirs");
  });
  await expect(writing).rejects.toMatchObject({ code: "file_exists" });
  expect(readFileSync(path, "utf8")).toBe("theirs");
  expect(readdirSync(place)).toEqual(["file.csv"]);
});

test("a file is removed where a link leads, and what is no file is not", async () => {
  const place = mkdtempSync(join(folder, "removed-"));
  mkdirSync(join(place, "folder"));
  writeFileSync(join(place, "file.csv"), "all");
  symlinkSync("file.csv", join(place, "link"));
  symlinkSync("/dev/null", join(place, "device"));
  await removeOutput(join(place, "link"));
  await removeOutput(join(place, "link"));
  await removeOutput(join(place, "nothing"));
  for (const name of ["folder", "device"])
    await expect(removeOutput(join(place, name))).rejects.toMatchObject({ code: "not_a_file" });
  expect(readdirSync(place).sort()).toEqual(["device", "folder", "link"]);
});
