import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { FolderStorage } from "../../../src/serve/store/folder-storage.js";
import { temporaryFolder } from "../../temporary-folder.js";

describe("a folder", () => {
  test("keeps what it takes under a name, and gives it whole or in part", async () => {
    const storage = new FolderStorage(temporaryFolder());
    expect(await storage.put("one", Readable.from([Buffer.from("Hello, "), Buffer.from("world")]))).toBe(12);
    expect(await storage.size("one")).toBe(12);
    expect(await text(storage.getRange("one"))).toBe("Hello, world");
    expect(await text(storage.getRange("one", { start: 7, end: 9 }))).toBe("wor");
  });

  test("gives it chunk by chunk too, each of which may take the place of the one before", async () => {
    const storage = new FolderStorage(temporaryFolder());
    const content = randomBytes(600_000);
    await storage.put("one", Readable.from([content]));
    const spans = [
      undefined,
      { start: 0, end: 599_999 },
      { start: 262_143, end: 524_288 },
      { start: 5, end: 5 },
    ];
    for (const span of spans) {
      const chunks: Buffer[] = [];
      for await (const chunk of storage.readRange("one", span)) chunks.push(Buffer.from(chunk));
      const { start, end } = span ?? { start: 0, end: 599_999 };
      expect(Buffer.concat(chunks).equals(content.subarray(start, end + 1))).toBe(true);
    }
    await expect(storage.readRange("another").next()).rejects.toThrow("ENOENT");
  });

  test("takes nothing under a name that is there", async () => {
    const storage = new FolderStorage(temporaryFolder());
    await storage.put("one", Readable.from([Buffer.from("first")]));
    await expect(storage.put("one", Readable.from([Buffer.from("second")]))).rejects.toThrow();
    expect(await text(storage.getRange("one"))).toBe("first");
  });

  test("has nothing of what was broken off", async () => {
    const folder = temporaryFolder();
    const storage = new FolderStorage(folder);
    const stop = new AbortController();
    const endless = Readable.from(
      (async function* () {
        for (let count = 0; ; count += 1) {
          if (count === 10) stop.abort();
          yield Buffer.alloc(1000);
        }
      })(),
    );
    await expect(storage.put("endless", endless, { signal: stop.signal })).rejects.toThrow();
    expect(await storage.size("endless")).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("forgets what is removed, also where nothing is", async () => {
    const storage = new FolderStorage(temporaryFolder());
    await storage.put("a-1", Readable.from([Buffer.from("one")]));
    await storage.remove("a-1");
    await storage.remove("a-1");
    await expect(buffer(storage.getRange("a-1"))).rejects.toThrow("ENOENT");
  });
});
