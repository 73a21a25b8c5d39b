import type { Completion } from "openai/resources/completions";
import { describe, expect, it } from "vitest";
import { createRehearsal } from "../../../src/rehearse/index.js";
import { bodyOf } from "../answer.js";

const complete = (more: object, faults: readonly string[] = []) =>
  bodyOf<Completion>(
    "/v1/completions",
    { model: "gpt-3.5-turbo-instruct", prompt: "Once", ...more },
    { rehearsal: createRehearsal({ faults }) },
  );

describe("a completion", () => {
  it("has every field that the service writes, and ends at the service's own limit of 16 tokens", () => {
    expect(complete({})).toEqual({
      id: expect.stringMatching(/^cmpl-[0-9a-f]{29}$/),
      object: "text_completion",
      created: expect.any(Number),
      model: "rehearsal-gpt-3.5-turbo-instruct",
      choices: [
        { text: expect.stringMatching(/^.{64}$/), index: 0, logprobs: null, finish_reason: "length" },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 16, total_tokens: 17 },
    });
  });

  it.each<readonly [unknown, number]>([
    ["Once", 1],
    [["Once", "Twice"], 2],
    [[1, 2, 3], 1],
    [[[1], [2, 3]], 2],
    [null, 1],
  ])("of the prompt %j with n: 2 has two choices for each of %i", (prompt, count) => {
    const { choices } = complete({ prompt, n: 2 });
    expect(choices.map(({ index }) => index)).toEqual([...Array(2 * count).keys()]);
  });

  it("begins with its prompt where that is asked for", () => {
    const texts = complete({ prompt: ["Once ", "Twice "], echo: true }).choices.map(({ text }) => text);
    expect(texts).toEqual([expect.stringMatching(/^Once This/), expect.stringMatching(/^Twice This/)]);
  });

  it("gives logprobs for its tokens where they are asked for", () => {
    const [choice] = complete({ logprobs: 1 }).choices;
    expect(choice?.logprobs?.tokens?.join("")).toBe(choice?.text);
    expect(choice?.logprobs?.text_offset?.slice(0, 3)).toEqual([0, 4, 8]);
  });

  it.each([
    ["refusal:*", "content_filter"],
    ["truncation:*", "length"],
  ])("with the fault %s ends by %s", (fault, finish_reason) => {
    expect(complete({ max_tokens: 500 }, [fault]).choices).toMatchObject([{ finish_reason }]);
    expect(complete({ max_tokens: 500 }).choices).toMatchObject([{ finish_reason: "stop" }]);
  });
});
