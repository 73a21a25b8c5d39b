import { describe, expect, it } from "vitest";
import { describeParameters, problemsOf } from "../parameter-table.js";
import { rows } from "../shared-rows.js";

const url = "/v1/videos";

describeParameters(
  url,
  { prompt: "A cat" },
  {
    prompt: rows.imagePrompt,
    model: { takes: ["m", null], warnsOf: ["sora-2", "sora-2-pro", "sora-2-2025-12-08"], refuses: ["", 1] },
    input_reference: { takes: [...rows.imageReference.takes, null], refuses: rows.imageReference.refuses },
    seconds: { takes: ["4", "8", "12", null], refuses: [4, "5"] },
    size: { takes: ["720x1280", "1280x720", "1024x1792", "1792x1024", null], warnsOf: ["1x1"], refuses: [1] },
  },
);

describe("a video", () => {
  it("is warned of: its endpoint is closing", () => {
    expect(problemsOf(url, { prompt: "A cat" })).toEqual(["warning deprecated_endpoint body"]);
  });
});
