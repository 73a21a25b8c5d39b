import { describe, expect, it } from "vitest";
import { describeParameters, problemsOf } from "../parameter-table.js";
import { rows } from "../shared-rows.js";

const url = "/v1/images/generations";

describeParameters(
  url,
  { model: "gpt-image-2", prompt: "A cat" },
  {
    model: { ...rows.model, warnsOf: [null] },
    prompt: rows.imagePrompt,
    n: { takes: [1, 10, null], refuses: [0, 11, 1.5] },
    size: {
      takes: [
        "auto",
        "1024x1024",
        "1536x1024",
        "1024x1536",
        "3840x2160",
        "2160x3840",
        "1600x640",
        "1536x512",
        null,
      ],
      warnsOf: ["1000x1000", "3840x2176", "3856x2160", "1552x512", "0x0", "big", "1024 x 1024"],
      refuses: [1024],
    },
    background: { takes: ["transparent", "opaque", "auto", null], refuses: ["white", 1] },
    output_compression: { takes: [100, null], refuses: [0, -1, 101, 1.5] },
    moderation: { takes: ["low", "auto", null], refuses: ["high", 1] },
    partial_images: { takes: [0, null], warnsOf: [1, 3], refuses: [-1, 4, 1.5] },
    stream: rows.stream,
    complexity: { takes: ["low", "medium", "high", null], warnsOf: ["max"], refuses: [1] },
    frame_count: { takes: [2, 16, null], refuses: [1, 17, 2.5] },
    frame_duration_ms: { takes: [1, 100, null], refuses: [0, 1.5] },
    output_format: { takes: ["png", "jpeg", "webp", "gif", "svg", null], warnsOf: ["avif"], refuses: [1] },
    quality: {
      takes: ["auto", "low", "medium", "high", "xhigh", "max", "standard", "hd", null],
      warnsOf: ["ultra"],
      refuses: [1],
    },
    response_format: { takes: ["url", "b64_json", null], warnsOf: ["png"], refuses: [1] },
    safety_identifier: rows.safetyIdentifier,
    style: { takes: ["vivid", "natural", null], warnsOf: ["dark"], refuses: [1] },
    svg: { takes: [{ model: "m", anything: 1 }, null], refuses: ["m", { model: 1 }] },
    user: rows.text,
  },
);

describe("the making of an image", () => {
  it.each(["response_format", "style", "user"])("warns that %s is deprecated", (name) => {
    expect(problemsOf(url, { prompt: "a", [name]: "x" })).toContain(
      `warning deprecated_parameter body.${name}`,
    );
  });
});

it("is likely to be refused without a model", () => {
  expect(problemsOf(url, { prompt: "A cat" })).toEqual(["warning likely_refused body.model"]);
});
