import { basename, join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toFileName } from "../../../src/results/images/image-name.js";

describe("an id as the name of a file", () => {
  test.each(["cat", "row-000001", "001", "a_b.c-d", "hüküm", "猫", "adalar.v2"])("stays %s", (id) => {
    expect(toFileName(id)).toBe(id);
  });

  test.each([
    ["../../etc/passwd", /^__.._etc_passwd-[0-9a-f]{10}$/],
    ["a/b", /^a_b-[0-9a-f]{10}$/],
    ["C:\\x", /^C_x-[0-9a-f]{10}$/],
    ["", /^-[0-9a-f]{10}$/],
    [".", /^_-[0-9a-f]{10}$/],
    ["..", /^_-[0-9a-f]{10}$/],
    [".hidden", /^_hidden-[0-9a-f]{10}$/],
    ["-rf", /^_rf-[0-9a-f]{10}$/],
    ["end.", /^end_-[0-9a-f]{10}$/],
    ["con", /^_con-[0-9a-f]{10}$/],
    ["Aux.txt", /^_Aux.txt-[0-9a-f]{10}$/],
    ["LPT1", /^_LPT1-[0-9a-f]{10}$/],
    ["a b\n\0c", /^a_b_c-[0-9a-f]{10}$/],
    ["x".repeat(500), /^x{120}-[0-9a-f]{10}$/],
    ["\ud800", /^_-[0-9a-f]{10}$/],
  ])("%j is made safe", (id, expected) => {
    expect(toFileName(id)).toMatch(expected);
  });

  test("differs for ids that look alike", () => {
    const names = ["a/b", "a_b", "a:b", "a b", "é", "e\u0301"].map(toFileName);
    expect(new Set(names).size).toBe(names.length);
  });

  test("is a plain, short name in its folder, always the same, whatever the id is", () => {
    const ids = fc.oneof(
      fc.string({ unit: "binary", maxLength: 140 }),
      fc.string({ unit: "grapheme", maxLength: 140 }),
      fc.stringMatching(/^[./\\\-~ :]{0,10}(con|nul|\.\.|a)[./\\ ]{0,5}$/),
    );
    fc.assert(
      fc.property(ids, (id) => {
        const file = `${toFileName(id)}.png`;
        expect(basename(file)).toBe(file);
        expect(resolve(join("/folder", file))).toBe(`/folder/${file}`);
        expect(file).toMatch(/^[\p{L}\p{M}\p{N}_-][\p{L}\p{M}\p{N}._-]*$/u);
        expect(file).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)\./i);
        expect(Buffer.byteLength(file)).toBeLessThanOrEqual(150);
        expect(toFileName(id)).toBe(toFileName(id));
      }),
      { numRuns: 200 },
    );
  });
});
