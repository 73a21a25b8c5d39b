import type { Video } from "openai/resources/videos";
import { describe, expect, it } from "vitest";
import { createRehearsal } from "../../../src/rehearse/index.js";
import { bodyOf, errorOf } from "../answer.js";

const url = "/v1/videos";

describe("a video", () => {
  it("is done, as in the output of a batch", () => {
    const video = bodyOf<Video>(url, { model: "sora-2", prompt: "a river", seconds: "8" });
    expect(video).toEqual({
      id: expect.stringMatching(/^video_/),
      object: "video",
      created_at: expect.any(Number),
      completed_at: video.created_at + 60,
      expires_at: video.created_at + 86_400,
      status: "completed",
      progress: 100,
      error: null,
      model: "rehearsal-sora-2",
      prompt: "a river",
      remixed_from_video_id: null,
      seconds: "8",
      size: "720x1280",
    });
  });

  it("that the model declines to make is answered with 400", () => {
    const rehearsal = createRehearsal({ faults: ["refusal:*"] });
    expect(errorOf(url, { prompt: "a river" }, { rehearsal })).toMatchObject({ code: "moderation_blocked" });
  });
});
