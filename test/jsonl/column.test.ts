import { describe, expect, it } from "vitest";
import { Column } from "../../src/jsonl/index.js";

describe("Column", () => {
  it.each([0, 1, 64, 65, 65_535, 65_536, 65_537, 131_072, 200_000])("holds %i numbers", (count) => {
    const column = new Column(Uint32Array);
    for (let index = 0; index < count; index += 1) column.push(index * 7);
    expect(column.length).toBe(count);
    for (let index = 0; index < count; index += 1)
      if (column.get(index) !== index * 7) throw new Error(`another number at ${index}`);
  });

  it("changes numbers where they are, in the first block and behind it", () => {
    const column = new Column(Float64Array);
    for (let index = 0; index < 70_000; index += 1) column.push(index);
    for (const index of [0, 63, 64, 65_535, 65_536, 69_999]) column.set(index, 2 ** 40 + index);
    for (let index = 70_000; index < 140_000; index += 1) column.push(index);
    for (const index of [0, 63, 64, 65_535, 65_536, 69_999]) expect(column.get(index)).toBe(2 ** 40 + index);
    expect([column.get(1), column.get(65_537), column.get(139_999)]).toEqual([1, 65_537, 139_999]);
  });
});
