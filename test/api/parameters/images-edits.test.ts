import { describe, expect, it } from "vitest";
import { validateBody } from "../../../src/api/index.js";
import { describeParameters, problemsOf } from "../parameter-table.js";
import { rows } from "../shared-rows.js";

const url = "/v1/images/edits";
const image = { file_id: "file-1" };
const body = { model: "gpt-image-2", prompt: "Make it blue", images: [image] };

describeParameters(url, body, {
  model: { ...rows.model, takes: [...rows.model.takes, null] },
  prompt: rows.imagePrompt,
  images: {
    takes: [...rows.imageReference.takes.map((reference) => [reference]), Array(16).fill(image)],
    refuses: [
      [],
      Array(17).fill(image),
      image,
      null,
      ...rows.imageReference.refuses.map((reference) => [reference]),
    ],
  },
  mask: { takes: [...rows.imageReference.takes, null], refuses: rows.imageReference.refuses },
  n: { takes: [1, 10, null], refuses: [0, 11] },
  size: { takes: ["auto", "1024x1024", null], warnsOf: ["1x1"], refuses: [1] },
  background: { takes: ["transparent", "opaque", "auto", null], refuses: ["white"] },
  input_fidelity: { takes: ["high", "low", null], refuses: ["medium", 1] },
  output_compression: { takes: [100, null], refuses: [0, -1, 101] },
  moderation: { takes: ["low", "auto", null], refuses: ["high"] },
  output_format: { takes: ["png", "jpeg", "webp", null], warnsOf: ["gif"], refuses: [1] },
  partial_images: { takes: [0, null], warnsOf: [3], refuses: [4] },
  quality: { takes: ["auto", "low", "medium", "high", null], warnsOf: ["max"], refuses: [1] },
  stream: rows.stream,
  user: rows.text,
});

describe("the edit of an image", () => {
  it("refuses an upload, and says what to give instead", () => {
    const [problem] = validateBody(url, { ...body, images: [new File(["bytes"], "cat.png")] });
    expect(problem).toEqual({
      severity: "error",
      code: "invalid_type",
      path: "body.images[0]",
      message: "expected a reference to an image, found an upload (File).",
      hint: 'Give {"image_url": …} (an address or a data URL) or {"file_id": …} (a file uploaded before).',
    });
  });

  it("says what image is called in a batch", () => {
    const problems = validateBody(url, { prompt: "a", image: new Blob([]) });
    expect(problems.map(({ path, hint }) => `${path} ${hint}`)).toContain(
      'body.image Here use images: [{"image_url": …}] or [{"file_id": …}].',
    );
  });

  it("needs images", () => {
    expect(problemsOf(url, { prompt: "a" })).toEqual(["error missing_required_parameter body.images"]);
  });
});
