import { join } from "node:path";
import { expect, test } from "vitest";
import {
  compareResults,
  exportDifferences,
  exportResults,
  joinResults,
  openResults,
  readExchange,
  readResults,
  saveImages,
  summarizeResults,
  writeRetryFile,
} from "../../../src/index.js";
import { answerLine, requestLine } from "../../lines.js";
import { fileWriter, temporaryFolder } from "../../temporary-folder.js";

const write = fileWriter();
const files = { requests: write([requestLine("a")]), results: write([answerLine("a")]) };
const path = join(temporaryFolder(), "out.csv");
const opened = await openResults(files);
/** As plain JavaScript gives it that forgets to await. */
const promised = Promise.resolve(opened) as unknown as typeof opened;

const notOpened = {
  code: "invalid_type",
  message: "Expected opened results, found an object.",
  hint: expect.stringContaining("awaited"),
};

test.each<[string, () => Promise<unknown>]>([
  ["exportResults", () => exportResults(path, promised)],
  ["exportResults with columns", () => exportResults(path, promised, { columns: ["text"] })],
  ["joinResults", () => joinResults(path, promised, files.requests)],
  ["summarizeResults", () => summarizeResults(promised)],
  ["compareResults", () => compareResults(opened, promised)],
  ["exportDifferences", () => exportDifferences(path, promised, opened)],
  ["writeRetryFile", () => writeRetryFile(path, promised)],
  ["saveImages", () => saveImages(temporaryFolder(), promised)],
  ["readExchange", () => readExchange(promised, "a")],
  ["what needs more than readResults gives", () => summarizeResults(readResults(files) as typeof promised)],
])("%s says what is missing where it gets no opened results", async (_, use) => {
  await expect(use()).rejects.toMatchObject(notOpened);
});

test.each([[undefined], [null], [5], [{}]])("nothing is looked up by %j, which is no id", async (id) => {
  const wanted = { code: "invalid_type", message: expect.stringContaining("Expected a custom_id") };
  await expect(opened.get(id as unknown as string)).rejects.toMatchObject(wanted);
  expect(() => opened.has(id as unknown as string)).toThrow(expect.objectContaining(wanted));
});
