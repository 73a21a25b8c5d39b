import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashKey, KeyIndex } from "../../src/jsonl/index.js";

function indexOf(keys: readonly string[], hash: (key: string) => number): KeyIndex {
  const index = new KeyIndex(({ line }) => keys[line - 1]);
  for (const [position, key] of keys.entries())
    index.add(hash(key), { line: position + 1, offset: position * 100 });
  return index;
}

describe("KeyIndex", () => {
  it("finds each key at its place, and no other", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: "binary" }), { maxLength: 200 }),
        fc.string(),
        (keys, other) => {
          const index = indexOf(keys, hashKey);
          for (const [position, key] of keys.entries()) {
            expect(index.find(key)).toEqual({ line: position + 1, offset: position * 100 });
          }
          if (!keys.includes(other)) expect(index.find(other)).toBeUndefined();
        },
      ),
    );
  });

  it("tells keys apart that have the same hash", () => {
    const keys = Array.from({ length: 2000 }, (_, position) => `key-${position}`);
    const index = indexOf(keys, () => 7);
    expect(index.find("key-1999", 7)).toEqual({ line: 2000, offset: 199_900 });
    expect(index.find("key-2000", 7)).toBeUndefined();
  });

  it("keeps offsets beyond 4 GiB", () => {
    const index = new KeyIndex(() => "far");
    index.add(hashKey("far"), { line: 1, offset: 2 ** 40 });
    expect(index.find("far")).toEqual({ line: 1, offset: 2 ** 40 });
  });
});
