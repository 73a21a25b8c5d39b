import type { ModerationCreateResponse } from "openai/resources/moderations";
import { describe, expect, it } from "vitest";
import { bodyOf, errorOf } from "../answer.js";

const url = "/v1/moderations";
const moderate = (input: unknown) => bodyOf<ModerationCreateResponse>(url, { input });

const textPart = { type: "text", text: "some text" };
const imagePart = { type: "image_url", image_url: { url: "https://example.com/a.png" } };

describe("a moderation", () => {
  it("has all thirteen categories, each with a score and what was looked at", () => {
    const { id, model, results } = moderate("some text");
    expect({ id, model }).toEqual({
      id: expect.stringMatching(/^modr-[0-9a-f]{32}$/),
      model: "rehearsal-omni-moderation-latest",
    });
    const [result] = results;
    expect(Object.keys(result?.categories ?? {})).toHaveLength(13);
    expect(Object.keys(result?.category_scores ?? {})).toEqual(Object.keys(result?.categories ?? {}));
    expect(new Set(Object.values(result?.category_applied_input_types ?? {}).flat())).toEqual(
      new Set(["text"]),
    );
  });

  it("has a result for each text, and one for all parts of a mixed input", () => {
    expect(moderate(["one", "two", "three"]).results).toHaveLength(3);
    const { results } = moderate([textPart, imagePart]);
    expect(results).toHaveLength(1);
    expect(results[0]?.category_applied_input_types).toMatchObject({
      violence: ["text", "image"],
      harassment: ["text"],
    });
    expect(moderate([imagePart]).results[0]?.category_applied_input_types.harassment).toEqual([]);
  });

  it("flags some inputs, each for a category with a high score, and not most", () => {
    const { results } = moderate(Array.from({ length: 200 }, (_, index) => `text ${index}`));
    for (const { flagged, categories, category_scores } of results) {
      expect(Object.values(categories).filter(Boolean)).toHaveLength(flagged ? 1 : 0);
      expect(Object.values(category_scores).some((score) => score > 0.5)).toBe(flagged);
    }
    const flagged = results.filter((result) => result.flagged).length;
    expect(flagged).toBeGreaterThan(5);
    expect(flagged).toBeLessThan(60);
  });

  it.each([4, [], [4], [["a"]]])("is refused for the input %j", (input) => {
    expect(errorOf(url, { input })).toMatchObject({ status: 400, param: "input" });
  });
});
