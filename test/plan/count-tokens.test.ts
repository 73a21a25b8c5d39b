import { describe, expect, test } from "vitest";
import { defaultCountTuning } from "../../src/plan/count-tokens.js";
import { planInDetail } from "../../src/plan/plan-batch-file.js";
import type { PlanBatchFileOptions } from "../../src/plan/plan-options.js";
import { Stretches } from "../../src/plan/tokens/stretches.js";
import { chatLine, toLines } from "../lines.js";
import { fileWriter } from "../temporary-folder.js";

const write = fileWriter();
const words = ["vacuum", "cleaner", "battery", "überraschend", "buy", "掃除機", "forever", "again", "!"];

/** Requests whose lengths and words differ, of two models, the long ones last. */
function reviews(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const length = 5 + ((index * 7_919) % 60) + (index > count / 2 ? 100 : 0);
    const text = Array.from({ length }, (_word, at) => words[(index * 31 + at * at) % words.length]);
    const model = index % 3 === 0 ? "gpt-4.1-nano" : "gpt-4o-mini";
    return chatLine(`review-${index}`, { model, messages: [{ role: "user", content: text.join(" ") }] });
  });
  return toLines(lines);
}

const sampling = { ...defaultCountTuning, sampleAboveBytes: 1_000_000, sampledStretches: 30 };

describe("the tokens of a long file", () => {
  const path = write(reviews(9_000));
  const plan = (options: PlanBatchFileOptions = {}) => planInDetail(path, options, sampling);

  test("are those of a sample, with what they are likely between", async () => {
    const { tokens, parts, price, unknowns } = await plan({ tokenPrice: { input: 1, output: 1 } });
    const { tokens: counted } = await plan({ exact: true });
    const { atLeast = 0, atMost = 0 } = tokens?.inputRange ?? {};
    expect([counted?.isExact, counted?.inputRange]).toEqual([true, undefined]);
    expect(tokens?.isExact).toBe(false);
    expect([atLeast <= (counted?.input ?? 0), (counted?.input ?? 0) <= atMost]).toEqual([true, true]);
    expect(atMost - atLeast).toBeLessThan((counted?.input ?? 0) / 10);
    expect(parts.reduce((sum, part) => sum + (part.tokens?.input ?? 0), 0)).toBe(tokens?.input);
    expect(unknowns).toEqual([
      expect.stringMatching(/^Tokens are counted of a sample of [\d,]+ requests; to count all: --exact\.$/),
    ]);
    expect(price?.atMost).toBeUndefined();
  });

  test("are the same each time", async () => {
    expect((await plan()).tokens).toEqual((await plan()).tokens);
  });

  test("are all counted where parts are cut by them", async () => {
    const { tokens } = await plan({ maxTokens: 100_000 });
    expect(tokens?.isExact).toBe(true);
  });

  test("cost at most what the most of them would", async () => {
    const lines = reviews(9_000).replaceAll('"messages"', '"max_tokens":0,"messages"');
    const tokenPrice = { input: 1, output: 1 };
    const planned = await planInDetail(write(lines), { tokenPrice, provider: "custom" }, sampling);
    expect(planned.price?.atMost).toBeCloseTo((planned.tokens?.inputRange?.atMost ?? 0) / 1e6, 9);
    expect(planned.price?.input).toBeCloseTo((planned.tokens?.input ?? 0) / 1e6, 9);
  });
});

describe("Stretches", () => {
  test("are whole lines, together the file, and not too many however long it is", () => {
    const stretches = new Stretches();
    const lineBytes = 40_000;
    const lines = 300_000;
    for (let line = 1; line <= lines; line += 1) stretches.add(line, (line - 1) * lineBytes);
    const listed = stretches.list(lines * lineBytes);
    expect(listed.length).toBeLessThan(65_536);
    expect([listed[0]?.start, listed.at(-1)?.end]).toEqual([0, lines * lineBytes]);
    expect(
      listed.every(
        ({ start, end, firstLine }, index) =>
          end === (listed[index + 1]?.start ?? end) && start === (firstLine - 1) * lineBytes,
      ),
    ).toBe(true);
  });
});
