import { expect, test } from "vitest";
import { LineWindows } from "../../src/batch-file/line-windows.js";
import { openFile } from "../../src/files/open-file.js";
import { fileWriter } from "../temporary-folder.js";

const write = fileWriter();

test("a line that is read alone stands at the end of its buffer, so that a search in it ends with it", async () => {
  const file = await openFile(write(Buffer.from(`first\n${"x".repeat(200_000)}\nlast\n`)));
  const lines = new LineWindows([file]);
  lines.read(6, 200_000);
  const { buffer, start, end } = lines.read(200_007, 4);
  expect(buffer.toString("utf8", start, end)).toBe("last");
  expect(buffer.length).toBe(end);
  file.close();
});
