import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { root } from "./user-folder.js";

test("the demo makes a file without findings, finds each break in the copy, and says where both are", () => {
  const printed = execFileSync(process.execPath, ["--import", "tsx", "scripts/demo.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(printed).toContain("Wrote 46 requests to demo/elements.jsonl.");
  expect(printed).toContain("demo/elements.jsonl: ready to upload, nothing found");
  for (const code of [
    "byte_order_mark",
    "unknown_parameter",
    "duplicate_custom_id",
    "streaming_unsupported",
    "invalid_url",
    "invalid_json_line",
    "invalid_value",
    "torn_last_line",
    "blank_line",
  ]) {
    expect(printed).toMatch(new RegExp(`^(error|warning) +${code} +demo/broken\\.jsonl`, "m"));
  }
  expect(printed).toMatch(/^ {2}\/.*demo\/broken\.fixed\.jsonl$/m);
});
