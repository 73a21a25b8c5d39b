import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchFile, type RequestOutline } from "../../../src/batch-file/index.js";

const folder = mkdtempSync(join(tmpdir(), "openbatch-outlines-"));
const shared = join(import.meta.dirname, "../../../../shared");
const realData = process.env.OPENBATCH_REAL_DATA ?? join(shared, "data");

/** All that is known of a file once it was opened, parsing each line or not. */
async function open(path: string, reads: "whole requests" | "outlines"): Promise<unknown> {
  const seen: unknown[] = [];
  const show = ({ custom_id, method, url, body }: RequestOutline, ...place: unknown[]): void => {
    seen.push([custom_id, method, url, Object.keys(body), body.model, body.n, ...place]);
  };
  try {
    const batchFile = await BatchFile.open(
      path,
      reads === "outlines" ? { onOutline: show } : { onRequest: show },
    );
    const { lines, requests, sha256, isTerminated } = batchFile;
    const hashes = Array.from({ length: lines }, (_each, index) => batchFile.hashOf(index + 1));
    batchFile.close();
    return { seen, lines, requests, sha256, isTerminated, hashes };
  } catch (error) {
    return { seen, error: `${error}` };
  }
}

async function expectTheSame(path: string): Promise<void> {
  expect(await open(path, "outlines")).toEqual(await open(path, "whole requests"));
}

/** Lines of a few shapes with texts of all sorts, some of them spoiled by one byte. */
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("", " ", '"', "\\", "\ud800"),
);
const line = fc
  .record({
    custom_id: fc.oneof(fc.stringMatching(/^[a-z]{1,4}$/), texts),
    kind: fc.constantFrom("chat", "response", "embedding"),
    text: texts,
    limit: fc.constantFrom(1, 2),
    end: fc.constantFrom("", "", "", "\r", " "),
    spoiled: fc.option(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) }), {
      freq: 5,
    }),
  })
  .map(({ custom_id, kind, text, limit, end, spoiled }) => {
    const request = {
      chat: {
        url: "/v1/chat/completions",
        body: { model: "m", messages: [{ role: "user", content: text }], n: limit },
      },
      response: { url: "/v1/responses", body: { model: "m", input: text, n: limit } },
      embedding: { url: "/v1/embeddings", body: { model: "m", input: [text, text] } },
    }[kind as "chat" | "response" | "embedding"];
    const bytes = Buffer.from(`${JSON.stringify({ custom_id, method: "POST", ...request })}${end}`);
    if (spoiled !== null) bytes[Math.floor(spoiled.share * (bytes.length - 1))] = spoiled.byte;
    return bytes;
  });

describe("a batch file that is opened without its texts", () => {
  test("is what it is when each line is parsed, whatever it holds", async () => {
    const path = join(folder, "generated.jsonl");
    const lineFeed = Buffer.from("\n");
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), fc.boolean(), async (lines, isTerminated) => {
        const bytes = Buffer.concat(lines.flatMap((each) => [each, lineFeed]));
        writeFileSync(path, isTerminated ? bytes : bytes.subarray(0, -1));
        await expectTheSame(path);
      }),
      { numRuns: 300 },
    );
  });

  test("is what it is when its lines cross what is read at once", async () => {
    const path = join(folder, "long.jsonl");
    const lines = Array.from({ length: 3_000 }, (_each, index) =>
      JSON.stringify({
        custom_id: `r-${index % 2_990}`,
        method: "POST",
        url: "/v1/responses",
        body: { model: index % 700 === 0 ? "b" : "m", input: "é".repeat(index % 600) },
      }),
    );
    writeFileSync(path, lines.join("\n"));
    await expectTheSame(path);
  });

  test.each(listRealFiles())("is what it is when each line is parsed: %s", expectTheSame);
});

/** Files that people have made, where they are. */
function listRealFiles(): string[] {
  const roots = [realData, join(shared, "cases")];
  return roots.flatMap((root) => {
    try {
      const names = readdirSync(root, { recursive: true, encoding: "utf8" });
      return names.filter((name) => name.endsWith(".jsonl")).map((name) => join(root, name));
    } catch {
      return [];
    }
  });
}
