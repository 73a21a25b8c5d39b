import { describe, expect, test } from "vitest";
import { type Code, codeTable } from "../../src/errors/index.js";

describe("the hint for a file over a limit of one batch", () => {
  test.each<[Code]>([
    ["file_too_large"],
    ["mismatched_model"],
    ["mixed_endpoints"],
    ["too_many_embedding_inputs"],
    ["too_many_requests"],
  ])("of %s says how to cut it, and what to do where it is not uploaded", (code) => {
    expect(codeTable[code].hint).toBe(
      "Cut it into parts: openbatch plan FILE --to FOLDER. " +
        'To send it with openbatch run, check it with target "openbatch" (--for openbatch).',
    );
  });
});
