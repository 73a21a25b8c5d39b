import { expect, test } from "vitest";
import { noUsage } from "../../../src/api/index.js";
import { RunCost } from "../../../src/execute/run/run-cost.js";

const usage = {
  ...noUsage,
  ...{ input_tokens: 1_000_000, output_tokens: 500_000, total_tokens: 1_500_000 },
};
const answer = { usage, model: "gpt-4o-mini", tier: undefined };

test("what answers cost is what the service asks for requests one by one, less for what it had read before", async () => {
  const whole = await RunCost.openFor("https://api.openai.com/v1");
  whole?.add(answer);
  expect(whole?.sums).toEqual({ cost: expect.closeTo(0.15 + 0.3, 6) });
  const cached = await RunCost.openFor("https://api.openai.com/v1");
  cached?.add({ ...answer, usage: { ...usage, input_tokens_details: { cached_tokens: 500_000 } } });
  expect(cached?.sums).toEqual({ cost: expect.closeTo(0.075 + 0.0375 + 0.3, 6) });
});

test("no price is made up: of a model or a class of service that nobody knows the price of, answers are counted", async () => {
  const cost = await RunCost.openFor("https://api.openai.com/v1");
  cost?.add({ ...answer, model: "my-own-model" });
  cost?.add({ ...answer, model: undefined });
  expect(cost?.sums).toEqual({});
  cost?.add({ ...answer, tier: "priority" });
  cost?.add({ ...answer, tier: "default" });
  cost?.add({ ...answer, usage: undefined });
  expect(cost?.sums).toEqual({ cost: expect.closeTo(0.45, 6), unpriced: 3 });
});

test("where nobody knows prices of a server, nothing is summed up", async () => {
  expect(await RunCost.openFor("https://gpu.example.com/v1")).toBeUndefined();
  expect(await RunCost.openFor("http://127.0.0.1:8000/v1")).toBeUndefined();
});
