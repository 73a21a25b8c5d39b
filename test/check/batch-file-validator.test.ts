import { describe, expect, test } from "vitest";
import { maxRequestsPerBatch } from "../../src/api/index.js";
import { BatchFileValidator, quickValidate } from "../../src/check/index.js";
import { chatLine, embeddingLine } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { createChecker, outline } from "./checker.js";

const { write } = createChecker(temporaryFolder());
const many = Array.from({ length: maxRequestsPerBatch + 1 }, (_, index) => `${chatLine(`${index}`)}\n`).join(
  "",
);

describe("BatchFileValidator", () => {
  test.each([
    ["checkCustomIdUniqueness", `${chatLine("a")}\n${chatLine("a")}\n`, ["error duplicate_custom_id 2"]],
    ["checkRequestCount", many, ["error too_many_requests"]],
  ])("checks all by default, and not what %s: false switches off", async (option, content, found) => {
    const path = write(content);
    expect(outline(await new BatchFileValidator().validateFile(path))).toEqual(found);
    const off = new BatchFileValidator({ [option]: false });
    expect(outline(await off.validateFile(path))).toEqual(found.slice(1));
  });

  test("refuses a switch that it does not have", () => {
    // Plain JavaScript may hand over anything.
    const wrong = { checkFileSizes: true } as ConstructorParameters<typeof BatchFileValidator>[0];
    const expected = { code: "invalid_option", hint: "Did you mean checkFileSize?" };
    expect(() => new BatchFileValidator(wrong)).toThrow(expect.objectContaining(expected));
  });

  test("takes mixed endpoints only if it is allowed to", async () => {
    const path = write(`${chatLine("a", { model: "m" })}\n${embeddingLine("b", "x", "embedder")}\n`);
    expect((await new BatchFileValidator().validateFile(path)).isValid).toBe(false);
    expect((await new BatchFileValidator({ allowMixedEndpoints: true }).validateFile(path)).isValid).toBe(
      true,
    );
  });
});

test("quickValidate says whether there is no error", async () => {
  expect(await quickValidate(write(`${chatLine("a")}\r\n\n`))).toBe(true);
  expect(await quickValidate(write(`${chatLine("a")}\n{}\n`))).toBe(false);
});
