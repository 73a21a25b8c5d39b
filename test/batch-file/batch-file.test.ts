import { expect, test } from "vitest";
import { BatchFile } from "../../src/batch-file/index.js";
import { fileWriter } from "../temporary-folder.js";

const write = fileWriter();

test("a batch file whose ids were forgotten knows its lines still, and says that it finds none", async () => {
  const lines = ["a", "b"].map((custom_id) =>
    JSON.stringify({
      ...{ custom_id, method: "POST", url: "/v1/chat/completions" },
      body: { model: "m", messages: [{ role: "user", content: "Hello" }] },
    }),
  );
  const batchFile = await BatchFile.open(write(`${lines.join("\n\n")}\n`));
  expect([batchFile.find("b"), batchFile.find("c")]).toEqual([3, undefined]);
  batchFile.forgetIds();
  expect(() => batchFile.find("b")).toThrow("forgotten");
  expect([batchFile.requests, batchFile.lines, batchFile.isBlank(2), batchFile.isIdOf(3, "b")]).toEqual([
    ...[2, 3, true, true],
  ]);
  batchFile.close();
});
