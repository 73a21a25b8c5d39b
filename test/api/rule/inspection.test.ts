import { describe, expect, it } from "vitest";
import { Inspection } from "../../../src/api/index.js";

describe("an inspection", () => {
  it("knows where it is", () => {
    const at = new Inspection();
    expect(at.path).toBe("");
    for (const key of ["body", "messages", 0, "first name", "a", "x".repeat(100)]) at.enter(key);
    expect(at.path).toBe(`body.messages[0]["first name"].a["${"x".repeat(60)}…"]`);
    at.leave();
    at.leave();
    expect(at.path).toBe('body.messages[0]["first name"]');
  });

  it("gives a problem the hint of its code unless it has a better one", () => {
    const at = new Inspection();
    at.inside("stream", () => at.error("streaming_unsupported", "no."));
    at.warning("streaming_unsupported", "no.", "Do not.");
    expect(at.problems).toEqual([
      {
        severity: "error",
        code: "streaming_unsupported",
        path: "stream",
        message: "no.",
        hint: 'Remove "stream".',
      },
      { severity: "warning", code: "streaming_unsupported", path: "", message: "no.", hint: "Do not." },
    ]);
  });

  it("begins anew without touching what it had found", () => {
    const at = new Inspection();
    at.enter("body");
    at.error("invalid_type", "one.");
    const { problems } = at;
    at.reset();
    expect(at.path).toBe("");
    expect(at.problems).toEqual([]);
    at.error("invalid_type", "two.");
    expect(problems.map(({ message }) => message)).toEqual(["one."]);
  });
});
