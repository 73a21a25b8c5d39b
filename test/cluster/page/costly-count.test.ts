import { expect, test } from "vitest";
import { CostlyCount } from "../../../src/cluster/page/costly-count.js";

test("who asks while it is counted waits for the same count, and a count that failed is made again", async () => {
  const answers = [Promise.reject(new Error("away")), Promise.resolve(7)];
  let asked = 0;
  const count = new CostlyCount(() => answers[asked++] ?? Promise.resolve(asked));
  await expect(Promise.all([count.read(), count.read()])).rejects.toThrow("away");
  expect(asked).toBe(1);
  await expect.poll(() => count.read().catch(() => 0)).toBe(7);
  expect(asked).toBe(2);
});
