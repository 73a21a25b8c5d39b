import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HashIndex, hashBytes, hashKey } from "../../src/jsonl/index.js";

function indexOf(keys: readonly string[], hash: (key: string) => number): HashIndex {
  const index = new HashIndex((key, entry) => keys[entry] === key);
  for (const key of keys) index.add(hash(key));
  return index;
}

describe("HashIndex", () => {
  test("finds the entry of each key, and none for another", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: "binary" }), { maxLength: 200 }),
        fc.string(),
        (keys, other) => {
          const index = indexOf(keys, hashKey);
          expect(index.size).toBe(keys.length);
          for (const [entry, key] of keys.entries()) expect(index.find(key, hashKey(key))).toBe(entry);
          if (!keys.includes(other)) expect(index.find(other, hashKey(other))).toBeUndefined();
        },
      ),
    );
  });

  test("tells keys apart that have the same hash", () => {
    const keys = Array.from({ length: 2000 }, (_, position) => `key-${position}`);
    const index = indexOf(keys, () => 7);
    expect(index.find("key-1999", 7)).toBe(1999);
    expect(index.find("key-2000", 7)).toBeUndefined();
    expect(index.hasHash(7)).toBe(true);
    expect(index.hasHash(8)).toBe(false);
  });

  test("asks about no key whose hash it doesn't know", () => {
    const index = new HashIndex(() => {
      throw new Error("asked");
    });
    index.add(hashKey("a"));
    expect(index.find("b", hashKey("b"))).toBeUndefined();
    expect(() => index.find("a", hashKey("a"))).toThrow("asked");
  });

  test("adds a hash once, and finds what was added with it first", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(20), fc.nat(2 ** 32 - 1)), { maxLength: 3000 }), (hashes) => {
        const index = new HashIndex(() => false);
        const different = [...new Set(hashes)];
        expect(hashes.map((hash) => index.addNew(hash)).filter(Boolean)).toHaveLength(different.length);
        for (const hash of hashes) expect(index.firstWith(hash)).toBe(different.indexOf(hash));
        expect(index.firstWith(2 ** 32 - 1)).toBe(
          different.includes(2 ** 32 - 1) ? different.indexOf(2 ** 32 - 1) : undefined,
        );
        index.add(different[0] ?? 0);
        expect(index.firstWith(different[0] ?? 0)).toBe(0);
      }),
    );
  });

  test("knows a key by its bytes as by its text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (key) => {
        const around = Buffer.from(`"${key}"`);
        expect(hashBytes(around, 1, around.length - 1)).toBe(hashKey(key));
      }),
    );
  });
});
