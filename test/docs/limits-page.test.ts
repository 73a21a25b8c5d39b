import { expect, test } from "vitest";
import { endpoints } from "../../src/api/index.js";
import { formatCount } from "../../src/errors/index.js";
import { openai } from "../../src/providers/profiles/openai.js";
import { readFile } from "./pages.js";

const page = readFile("docs/limits-and-services.md");
const { limits, windows } = openai;

test.each([
  ["endpoints in one file", "1", limits.endpoints],
  ["models in one file", "1", limits.models],
  ["requests", formatCount(limits.requests?.value ?? 0), limits.requests],
  ["bytes of the file", formatCount(limits.bytes?.value ?? 0), limits.bytes],
  [
    "embedding inputs, over all requests",
    formatCount(limits.embeddingInputs?.value ?? 0),
    limits.embeddingInputs,
  ],
  ["name of the uploaded file", "ends with `.jsonl`", limits.needsJsonlName],
  ["completion window", `\`${windows.value.default}\``, windows],
])("docs/limits-and-services.md says of %s what the table of facts says", (what, value, fact) => {
  const row = page.split("\n").find((line) => line.startsWith(`| ${what} |`));
  const [, , limit, , source] = (row ?? "").split("|").map((cell) => cell.trim());
  expect(limit?.startsWith(value)).toBe(true);
  expect(source).toContain(fact?.source);
  expect(fact?.date).toBe("2026-11");
});

test("docs/limits-and-services.md names every endpoint of a batch, and when it was read", () => {
  expect(page).toContain("Facts were read in November 2026");
  expect(endpoints.filter((endpoint) => !page.includes(`\`${endpoint}\``))).toEqual([]);
});
