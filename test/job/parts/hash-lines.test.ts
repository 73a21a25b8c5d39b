import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BatchFile } from "../../../src/batch-file/index.js";
import { LineCatalogue } from "../../../src/job/parts/line-catalogue.js";
import { hashLine, hashLines } from "../../../src/job/parts/read-part.js";
import { findProfile } from "../../../src/providers/index.js";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "openbatch-hash-lines-"));
});
afterEach(() => rmSync(home, { recursive: true }));

it("lines that are hashed together have the hashes that each has alone, of what stands in it", async () => {
  const texts = [
    ...Array.from({ length: 900 }, (_, index) => toLine(index, 400 + (index % 7))),
    "",
    ...Array.from({ length: 900 }, (_, index) => toLine(1000 + index, 300)),
    toLine(3000, 300_000),
    toLine(3001, 262_000),
    toLine(3002, 600_000),
    toLine(3003, 10),
  ];
  const { batchFile, catalogue } = await openLines(texts.join("\n"));
  const filled = texts.flatMap((text, index) => (text === "" ? [] : [index + 1]));
  for (const wanted of [
    filled,
    filled.filter((line) => line % 3 === 0),
    filled.filter((line) => line % 50 > 3),
    filled.slice(-1),
    [],
  ]) {
    const lines = Uint32Array.from(wanted);
    const hashes = [...hashLines(batchFile, catalogue, lines)];
    expect(hashes).toEqual(wanted.map((line) => crc32(texts[line - 1] ?? "")));
    expect(hashes).toEqual(wanted.map((line) => hashLine(batchFile, catalogue, line)));
  }
  batchFile.close();
});

function toLine(number: number, length: number): string {
  const body = { model: "m", messages: [{ role: "user", content: "é".repeat(length / 2) }] };
  return JSON.stringify({ custom_id: `r${number}`, method: "POST", url: "/v1/chat/completions", body });
}

async function openLines(text: string) {
  const path = join(home, "requests.jsonl");
  writeFileSync(path, text);
  const catalogue = new LineCatalogue(findProfile("openai"), {});
  const batchFile = await BatchFile.open(path, {
    onOutline: (request, line, bytes, offset) => catalogue.addOutline(request, { line, offset, bytes }),
  });
  return { batchFile, catalogue };
}
