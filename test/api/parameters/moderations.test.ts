import { describe, expect, it } from "vitest";
import { describeParameters, problemsOf } from "../parameter-table.js";
import { rows } from "../shared-rows.js";

const url = "/v1/moderations";
const image = { type: "image_url", image_url: { url: "https://example.com/a.png" } };

describeParameters(
  url,
  { input: "Hello" },
  {
    input: {
      takes: ["", "Hello", ["a", "b"], [{ type: "text", text: "a" }, image]],
      warnsOf: [[{ type: "video" }]],
      refuses: [[], null, 1, {}, [1], [{ type: "text" }], [{ type: "image_url", image_url: "a" }], [{}]],
    },
    model: { ...rows.model, takes: [...rows.model.takes, null] },
    stream: rows.stream,
  },
);

describe("a moderation", () => {
  it("needs input, and no model", () => {
    expect(problemsOf(url, {})).toEqual(["error missing_required_parameter body.input"]);
  });

  it("cannot stream", () => {
    expect(problemsOf(url, { input: "a", stream: true })).toEqual([
      "error streaming_unsupported body.stream",
    ]);
  });
});
