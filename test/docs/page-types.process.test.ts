import { expect, test } from "vitest";
import { parseExamples } from "./block.js";
import { checkTypes } from "./check-types.js";
import { blocks, listFiles, readFile } from "./pages.js";
import { createUserFolder } from "./user-folder.js";

test("TypeScript that is shown compiles: on the pages, and in the doc comments of what is exported", () => {
  const shown = blocks.filter(({ language, note }) => language === "ts" && !note.startsWith("not checked"));
  const examples = listFiles("src", ".ts")
    .flatMap((file) => parseExamples(file, readFile(file)))
    .filter(({ language, code }) => language === "ts" && /from "openbatch["/]/.test(code));
  expect(checkTypes(createUserFolder(), [...shown, ...examples])).toEqual([]);
});
