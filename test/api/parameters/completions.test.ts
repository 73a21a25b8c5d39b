import { describe, expect, it } from "vitest";
import { describeParameters, problemsOf } from "../parameter-table.js";
import { rows } from "../shared-rows.js";

const url = "/v1/completions";
const body = { model: "m", prompt: "Once" };

describeParameters(url, body, {
  model: rows.model,
  prompt: {
    takes: ["", "Once", ["a", "b"], [1, 2], [[1], [2, 3]], null],
    refuses: [1, {}, [{}], [-1], [1.5]],
  },
  best_of: { takes: [0, 1, 20, null], refuses: [-1, 21, 1.5] },
  echo: rows.flag,
  frequency_penalty: rows.penalty,
  logit_bias: rows.logitBias,
  logprobs: { takes: [0, 5, null], refuses: [-1, 6, true] },
  max_tokens: rows.tokens,
  n: rows.n,
  presence_penalty: rows.penalty,
  seed: rows.seed,
  stop: rows.stop,
  stream: rows.stream,
  stream_options: rows.streamOptions,
  suffix: rows.text,
  temperature: rows.temperature,
  top_p: rows.topP,
  user: rows.text,
});

describe("a completion", () => {
  it.each([
    [{ best_of: 3, n: 3 }, []],
    [{ best_of: 2, n: 3 }, ["warning likely_refused body.best_of"]],
    [{ best_of: 1 }, []],
    [{ best_of: 3, n: null }, []],
  ])("with %j", (given, expected) => {
    expect(problemsOf(url, { ...body, ...given })).toEqual(expected);
  });

  it("needs a prompt", () => {
    expect(problemsOf(url, { model: "m" })).toEqual(["error missing_required_parameter body.prompt"]);
  });
});
