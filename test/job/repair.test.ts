import { expect, test } from "vitest";
import { type JobEvent, submitBatchFile } from "../../src/job.js";
import { type Refuse, startWithModel as start } from "./start-model.js";

test.concurrent("cut answers are asked for again with a higher limit, and wrong ones with what is wrong", async () => {
  await using own = await start({ cut: 20, well: 40 });
  expect(await submitBatchFile(own.file, own.options)).toMatchObject({ succeeded: 2 });
  expect((await own.results()).map((result) => "problem" in result && result.problem?.code)).toEqual([
    "truncated_answer",
    "schema_mismatch",
  ]);
  await submitBatchFile(own.file, { ...own.options, repair: ["truncated", "invalid"] });
  expect(await own.results()).toMatchObject([
    { custom_id: "cut", parsed: { city: "Paris", population: 2 }, rounds: 3, spent: { total_tokens: 45 } },
    { custom_id: "well", parsed: { city: "Paris", population: 2 }, rounds: 2, spent: { total_tokens: 30 } },
  ]);
  expect(own.sent()).toEqual(["20 1", "40 1", "40 1", "40 3", "40 3"]);
  const [complaint] = own.asked.filter(({ messages }) => messages.length > 1);
  expect(complaint?.messages.at(-1)?.content).toContain("population");
  await submitBatchFile(own.file, { ...own.options, repair: ["truncated", "invalid"] });
  expect(own.asked).toHaveLength(5);
});

test.concurrent("a repair that was interrupted goes on, and nothing is asked twice", async () => {
  await using own = await start({ a: 40, b: 40 });
  const controller = new AbortController();
  const onEvent = (event: JobEvent): void => {
    if (event.kind === "plan" && event.plan.file.includes("repairs")) controller.abort();
  };
  const options = { ...own.options, repair: ["invalid"] as const };
  await expect(
    submitBatchFile(own.file, { ...options, onEvent, signal: controller.signal }),
  ).rejects.toMatchObject({ code: "interrupted", summary: { requests: 2, succeeded: 2 } });
  await submitBatchFile(own.file, options);
  expect(own.sent()).toEqual(["40 1", "40 1", "40 3", "40 3"]);
  expect(await own.results()).toMatchObject([{ parsed: { population: 2 } }, { parsed: { population: 2 } }]);
});

/** In the words of OpenAI. */
function refuseAbove(most: number): Refuse {
  return ({ max_tokens }) => {
    if (max_tokens <= most) return undefined;
    const message = `max_tokens is too large: ${max_tokens}. This model supports at most ${most} completion tokens, whereas you provided ${max_tokens}.`;
    return { error: { message, type: "invalid_request_error", param: "max_tokens", code: null } };
  };
}

test.concurrent("a limit is raised to that of the model, once the service has said which it is", async () => {
  await using own = await start({ a: 20 }, refuseAbove(35));
  await submitBatchFile(own.file, { ...own.options, repair: ["truncated", "invalid"], rounds: 3 });
  expect(own.sent()).toEqual(["20 1", "35 1", "35 3", "40 1"]);
  expect(await own.results()).toMatchObject([{ parsed: { city: "Paris", population: 2 }, rounds: 3 }]);
});

test.concurrent("what was cut at the limit of the model is not asked again", async () => {
  await using own = await start({ a: 10, b: 25 }, refuseAbove(25));
  await submitBatchFile(own.file, { ...own.options, repair: ["truncated"], rounds: 4 });
  expect(own.sent()).toEqual(["10 1", "20 1", "25 1", "25 1", "50 1"]);
  expect((await own.results()).map(({ rounds }) => rounds)).toEqual([3, 1]);
});

test.concurrent("what is not to be repaired is left as it is", async () => {
  await using own = await start({ cut: 20, wrong: 40 });
  await submitBatchFile(own.file, { ...own.options, repair: ["truncated"], rounds: 0 });
  await submitBatchFile(own.file, { ...own.options, repair: ["truncated"], rounds: 1 });
  expect(own.sent()).toEqual(["20 1", "40 1", "40 1"]);
});

test.concurrent("each repair counts in what the job may cost, and is not sent where that is too much", async () => {
  await using own = await start({ cut: 10 });
  // A dollar for ten tokens: one as sent, two for the first repair, four for the second.
  const price = { tokenPrice: { input: 0, output: 100_000 }, repair: ["truncated"] } as const;
  await expect(submitBatchFile(own.file, { ...own.options, ...price, maxCost: 6 })).rejects.toMatchObject({
    code: "cost_over_limit",
    summary: { succeeded: 1 },
  });
  expect(own.sent()).toEqual(["10 1", "20 1"]);
  await submitBatchFile(own.file, { ...own.options, ...price, maxCost: 7 });
  expect(own.sent()).toEqual(["10 1", "20 1", "40 1"]);
});
