import { expect, test } from "vitest";
import { toFlagWords } from "../../../src/cli/frame/flag-words.js";
import { codeTable } from "../../../src/errors/index.js";

test.each([
  ["Name it: apiKeyEnv (--api-key-env NAME).", "Name it: --api-key-env NAME."],
  [
    "apiKeyEnv (--api-key-env) is not the name of a variable.",
    "--api-key-env is not the name of a variable.",
  ],
  ["Or replace it: overwrite: true (--overwrite).", "Or replace it: --overwrite."],
  [
    "Where the first line is a row: header false (--no-header).",
    "Where the first line is a row: --no-header.",
  ],
  [
    "Give it longer with timeoutMs (--timeout), or less at once.",
    "Give it longer with --timeout, or less at once.",
  ],
  ["Say so: format csv (--input-format csv), or tsv.", "Say so: --input-format csv, or tsv."],
  ['Made of: on (--on COLUMN, --on "{a}-{b}").', 'Made of: --on COLUMN, --on "{a}-{b}".'],
  [
    "Send again: retryFailed (openbatch run FILE --retry-failed)",
    "Send again: openbatch run FILE --retry-failed",
  ],
  ["Send them elsewhere: headers (--header)", "Send them elsewhere: --header"],
])("of an option of the library the flag stands alone: %s", (said, shown) => {
  expect(toFlagWords(said)).toBe(shown);
});

test.each([
  "Save the file as UTF-8, or say another encoding (--encoding).",
  "This may cost $0.0037, and it is to cost $0.0030 at most (--max-cost).",
  "Only one of the two (--limit, --sample).",
  "Nothing of that (here)",
])("what is no option stays as it is: %s", (said) => {
  expect(toFlagWords(said)).toBe(said);
});

test("no hint of the table of codes names an option of the library on the command line", () => {
  const named = Object.values(codeTable).flatMap(
    ({ hint }) => toFlagWords(hint).match(/\b[a-z]+[A-Z]\w* \(--/g) ?? [],
  );
  expect(named).toEqual([]);
});
