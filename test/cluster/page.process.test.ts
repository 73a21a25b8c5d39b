import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { blocks, readFile } from "../docs/pages.js";
import { runPage } from "../docs/run-page.js";
import { createUserFolder } from "../docs/user-folder.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { findNode } from "./ground/find-node.js";
import { createDatabase, postgres, start, withoutPostgres } from "./ground/postgres.js";

const page = "docs/many-machines.md";
const mark = /^with PostgreSQL(?:, )?/;

describe.skipIf(postgres === undefined)(
  `the page of many machines ${postgres ? "" : withoutPostgres}`,
  () => {
    test("shows commands that print what is shown below them", async () => {
      const folder = createUserFolder();
      const storage = mkdtempSync(path.join(folder, "storage-"));
      const database = await createDatabase();
      const restored = await createDatabase();
      vi.stubEnv("PATH", `${path.dirname(findNode())}:${process.env.PATH}`);
      onTestFinished(() => void vi.unstubAllEnvs());
      const own = blocks
        .filter((block) => block.page === page && mark.test(block.note))
        .map((block) => ({
          ...block,
          note: block.note.replace(mark, ""),
          code: block.code
            .replaceAll("postgres://localhost/openbatch", database)
            .replaceAll("postgres://localhost/restored", restored)
            .replaceAll("/mnt/shared/openbatch", storage),
        }));
      expect(own.length).toBeGreaterThan(6);
      expect(await runPage(folder, own)).toEqual([]);
      expect(existsSync(path.join(folder, "openbatch-storage"))).toBe(true);
    });
  },
);

const services = ["openbatch-serve", "openbatch-worker"] as const;

describe.each(services)("the unit of %s", (name) => {
  const unit = readFile(`examples/cluster/${name}.service`);

  test.skipIf(!isThere("systemd-analyze"))(
    `is one that systemd takes ${isThere("systemd-analyze") ? "" : "(skipped: there is no systemd-analyze)"}`,
    () => {
      const file = path.join(temporaryFolder(), `${name}.service`);
      // It looks for the program that is started.
      writeFileSync(file, unit.replace("/usr/bin/openbatch", process.execPath));
      // What it does not understand it tells on standard error, and leaves out.
      expect(execFileSync("sh", ["-c", `systemd-analyze verify ${file} 2>&1`], { encoding: "utf8" })).toBe(
        "",
      );
    },
  );

  test.skipIf(postgres === undefined)(
    `starts what ends as the unit says ${postgres ? "" : withoutPostgres}`,
    async () => {
      const database = await createDatabase();
      await start(["migrate", "--database", database]).ended;
      const upstream = await startUpstream(1);
      const [, line = ""] = /^ExecStart=\/usr\/bin\/openbatch (.+)$/m.exec(unit) ?? [];
      const args = line
        .replace("postgres://openbatch@db/openbatch", database)
        .replace("/mnt/shared/openbatch", temporaryFolder())
        .replace("http://127.0.0.1:8000/v1", upstream.url)
        .replace("--port 4040", "--port 0")
        .replace("--metrics 9464", "--metrics 0");
      const started = start(args.split(" "), { env: { KEYS: "one:sk-1", UPSTREAM_KEY: "sk-2" } });
      await started.says(/"kind":"ready"/);
      const [, code = ""] = /^SuccessExitStatus=(\d+)$/m.exec(unit) ?? [];
      expect(await started.end("SIGTERM")).toBe(Number(code));
      expect(started.said()).not.toMatch(/sk-\d/);
    },
  );
});

function isThere(program: string): boolean {
  return (process.env.PATH ?? "").split(":").some((folder) => existsSync(path.join(folder, program)));
}

test("the page tells of each metric, and of none that is not there", () => {
  const files = [
    ...["process-metrics", "upstream-metrics", "batch-metrics"].map((name) => `src/serve/watch/${name}.ts`),
    "src/cluster/list-queue-metrics.ts",
  ];
  const names = (text: string): string[] => [...new Set(text.match(/\bopenbatch_(?!queue)[a-z_]+/g) ?? [])];
  const there = files.flatMap((file) =>
    names(readFileSync(path.join(import.meta.dirname, "../..", file), "utf8")),
  );
  const told = names(readFile(page) + readFile("docs/serve.md")).map((name) => name.replace(/_bucket$/, ""));
  expect([...new Set(told)].filter((name) => !there.includes(name))).toEqual([]);
  expect(there.filter((name) => !told.includes(name))).toEqual([]);
});
