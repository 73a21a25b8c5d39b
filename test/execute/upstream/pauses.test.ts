import { expect, test } from "vitest";
import { Pauses } from "../../../src/execute/upstream/pauses.js";

test("pauses that overlap count once, each for the reason that made it longer, and only what has passed", () => {
  const pauses = new Pauses();
  pauses.add("status 429", 1_000, 3_000);
  pauses.add("status 429", 2_000, 4_000);
  pauses.add("its limits are used up", 3_500, 5_000);
  expect(pauses.list(4_500)).toEqual([
    { reason: "status 429", ms: 3_000 },
    { reason: "its limits are used up", ms: 500 },
  ]);
});
