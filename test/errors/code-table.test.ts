import { describe, expect, test } from "vitest";
import { type Code, codeTable } from "../../src/errors/index.js";

describe("the hint for a file over a limit of one batch", () => {
  const target = 'check it with target "openbatch" (--for openbatch).';

  test.each<[Code, string]>([
    ["file_too_large", "Write several smaller files."],
    ["mismatched_model", "Write one file per model."],
    ["mixed_endpoints", "Write one file per endpoint."],
    ["too_many_embedding_inputs", "Write several smaller files."],
    ["too_many_requests", "Write several smaller files."],
  ])("of %s says what to do here, and leaves splitting to something else", (code, first) => {
    expect(codeTable[code].hint).toBe(
      `${first} To send it with openbatch run, or where something else splits it, ${target}`,
    );
  });
});
