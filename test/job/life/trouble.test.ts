import { expect, test } from "vitest";
import { toStop, toTrouble } from "../../../src/job/life/trouble.js";
import { ServiceRefusal } from "../../../src/providers/index.js";

test.each([
  ["", "status 403"],
  ["No.", "status 403: No."],
  ["No.\r\n  Never.\n", "status 403: No. Never."],
  ["<html>\r\n<head><title>403 Forbidden</title></head>\r\n", "status 403 with a page for a browser"],
])("what a service says of a refusal stands on one line: %j", (message, said) => {
  const error = { message, type: undefined, code: undefined, param: undefined };
  const refusal = new ServiceRefusal({ status: 403, error, cause: undefined, againMs: undefined });
  const trouble = toTrouble(refusal, undefined);
  expect(trouble.message).toBe(said);
  const sentence = `S was to look, and refused: ${said}`;
  expect(toStop(trouble, "S", "look").message).toBe(said.endsWith(".") ? sentence : `${sentence}.`);
});
