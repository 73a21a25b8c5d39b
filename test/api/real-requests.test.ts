import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { validateRequest } from "../../src/api/index.js";

const folder = join(process.env.OPENBATCH_REAL_DATA ?? "../shared/data", "requests");
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [];

/** What is truly wrong in them. */
const errors: Readonly<Record<string, readonly string[]>> = {
  "04-controllayer-responses-tools.jsonl": [
    "unknown_parameter body.presence_penalty",
    "unknown_parameter body.frequency_penalty",
  ],
};

describe("real request files", () => {
  if (files.length === 0) it.skip("are not here: set OPENBATCH_REAL_DATA to their folder", () => {});

  it.each(files)("%s has no error but what is truly wrong", (name) => {
    const lines = readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "");
    const found = lines
      .flatMap((line) => validateRequest(JSON.parse(line)))
      .filter(({ severity }) => severity === "error")
      .map(({ code, path }) => `${code} ${path}`);
    expect(found).toEqual(errors[name] ?? []);
  });
});
