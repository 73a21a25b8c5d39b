import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { BatchObject } from "../../../src/api/index.js";
import { openInput } from "../../../src/serve/life/open-input.js";
import { validateInput } from "../../../src/serve/life/validate-input.js";
import { systemClock } from "../../../src/serve/store/clock.js";
import { DiskFileStore } from "../../../src/serve/store/disk-file-store.js";
import { chatLine } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
const path = join(folder, "input.jsonl");
const files = new DiskFileStore(folder, systemClock);
const models = new Set(["gpt-4o-mini", "other"]);
const { signal } = new AbortController();

/** Mostly lines that go well together, so that whole inputs do. */
const lines = fc.array(
  fc.oneof(
    {
      weight: 40,
      arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).map((id) => chatLine(id)),
    },
    { weight: 4, arbitrary: fc.constantFrom("", " ", "\r", "\t\r") },
    { weight: 1, arbitrary: fc.constantFrom("a", "b").map((id) => chatLine(id, { model: "other" })) },
    { weight: 1, arbitrary: fc.constantFrom("c", "d").map((id) => chatLine(id, { model: "unknown" })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "{",
        "[]",
        "{}",
        "null",
        "\ufffd",
        chatLine(""),
        chatLine("e", { stream: true }),
        chatLine("f").replace("POST", "GET"),
        chatLine("g").replace('"POST"', "7"),
        chatLine("h").replace("/v1/chat/completions", "/v1/responses"),
        chatLine("i").replace('"/v1/chat/completions"', "{}"),
        '{"custom_id":"j","method":"POST","url":"no path","body":{}}',
        '{"custom_id":"k","response":null,"error":{}}',
      ),
    },
  ),
  { minLength: 1, maxLength: 12 },
);

test("an input is what it is found to be when it is read for its errors alone", async () => {
  await fc.assert(
    fc.asyncProperty(lines, fc.boolean(), async (input, isEnded) => {
      writeFileSync(path, input.join("\n") + (isEnded ? "\n" : ""));
      const endpoint = "/v1/chat/completions";
      // What of a batch the input depends on.
      const batch = { endpoint, input_file_id: "file-1" } as BatchObject;
      const opened = await openInput(path, { batch, files, models, signal });
      const verdict = await validateInput(path, { endpoint, models, signal });
      if (opened.kind === "invalid") {
        expect(opened).toEqual(verdict);
        return;
      }
      const { batchFile, ...summary } = opened;
      expect(summary).toEqual(verdict);
      expect(batchFile.requests).toBe(opened.requests);
      batchFile.close();
    }),
    { numRuns: 500 },
  );
});
