import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./user-folder.js";

test("the demo goes from rows to a batch file, a check, a batch, a typed table and a CSV", () => {
  const printed = execFileSync(process.execPath, ["--import", "tsx", "scripts/demo.ts"], {
    cwd: root,
    encoding: "utf8",
    stdio: "pipe",
  });
  expect(printed).toContain("Wrote 46 requests to demo/elements.jsonl.");
  expect(printed).toContain("demo/elements.jsonl: ready to upload, nothing found");
  for (const code of ["unknown_parameter", "duplicate_custom_id", "torn_last_line"]) {
    expect(printed).toMatch(new RegExp(`^error +${code} +demo/broken\\.jsonl`, "m"));
  }
  expect(printed).toContain("client.batches.retrieve(id)  completed, 46 of 46");
  expect(printed).toMatch(
    /^│ \d+ +│ 'element-1' +│ '(?:nature|use|history)' +│ \d+ +│ (?:true|false|null) +│ +│$/m,
  );
  expect(printed).toMatch(/^│ \d+ +│ 'element-3' .*'refused_answer'/m);
  expect(printed).toMatch(/^│ \d+ +│ 'element-5' .*'context_length_exceeded'/m);
  expect(printed).toContain("45 succeeded, 1 failed");
  expect(printed).toContain("44 of 46 requests with a usable answer");
  expect(printed).toMatch(/^ {2}\/.*demo\/answers\.csv$/m);
  const [header, hydrogen] = readFileSync(path.join(root, "demo/answers.csv"), "utf8").split("\n");
  expect(header).toBe(
    "number,symbol,name,discovered,description,parsed.topic,parsed.people,problem.code,error.code",
  );
  expect(hydrogen).toMatch(/^1,H,Hydrogen,1766,".*",(?:nature|use|history),/);
});
