import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { copyDatabase, dropDatabase } from "../../cluster/ground/copied-database.js";
import { startUpstream } from "../../cluster/ground/counting-upstream.js";
import { postgres, start, withoutPostgres } from "../../cluster/ground/postgres.js";
import { startCluster } from "../../cluster/ground/start-cluster.js";
import { chatLines } from "../../lines.js";
import { runBatch } from "../../serve/batches.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const shared = ["serve", "--database", "postgres://127.0.0.1:1/nowhere", "--storage", "nowhere"];

describe("openbatch serve --database", () => {
  test.each([
    ["--upstream", "http://127.0.0.1:1/v1"],
    ["--upstream-key-env", "PATH"],
    ["--upstreams", "upstreams.yaml"],
    ["--rehearse"],
    ["--fault", "429:1"],
    ["--no-check-requests"],
    ["--model", "small"],
    ["--models", "small"],
    ["--concurrency", "1"],
    ["--requests-per-minute", "1"],
    ["--tokens-per-minute", "1"],
    ["--timeout", "1"],
    ["--max-batch-requests", "1"],
    ["--max-batch-bytes", "1"],
  ])("without --work refuses what is for workers: %s", async (...args) => {
    const { exit, error } = await runCli([...shared, ...args]);
    expect(exit).toBe(2);
    expect(error).toContain(`${args[0]} is not for a server with --database.`);
  });

  test("with --work refuses beside --upstreams what is said of one server", async () => {
    const args = ["--work", "--upstreams", "upstreams.yaml", "--model", "small"];
    const { exit, error } = await runCli([...shared, ...args]);
    expect(exit).toBe(2);
    expect(error).toContain("--model is not for --upstreams.");
  });

  test("refuses a key of two names by its place, and shows it to nobody", async () => {
    const env = { KEYS: "alice:sk-1 alice:sk-2 bob:sk-1" };
    const { exit, out, error } = await runCli([...shared, "--api-key-env", "KEYS"], { env });
    expect(exit).toBe(2);
    expect(error).toContain("Key 3 of --api-key-env is that of another name too.");
    expect(out + error).not.toContain("sk-");
  });

  test("names for a password in --upstream a flag that it has", async () => {
    const { exit, error } = await runCli(["serve", "--upstream", "http://me:secret@127.0.0.1:1/v1"], {
      cwd: temporaryFolder(),
    });
    expect(exit).toBe(2);
    expect(error.replace(/\s+/g, " ")).toContain(
      "--upstream-key-env of openbatch serve and openbatch worker",
    );
    expect(error).not.toContain("secret");
  });

  test.each(["migrate", "worker", "workers", "serve"])(
    "and %s name the exit code of a database that is away",
    async (command) => {
      const { out } = await runCli([command, "--help"]);
      expect(out.replace(/\s+/g, " ")).toMatch(
        /Exit codes: 2 it .*3 the database (?:or the storage )?is away/,
      );
    },
  );

  test("is needed for what is for workers alone", async () => {
    const { exit, error } = await runCli(["serve", "--rehearse", "--max-batch-requests", "1"]);
    expect(exit).toBe(2);
    expect(error).toContain("--max-batch-requests needs --database and --storage.");
  });
});

describe.skipIf(postgres === undefined)(
  `openbatch serve --database --work ${postgres ? "" : withoutPostgres}`,
  () => {
    test("says beside its JSON that a folder of one machine is not imported", async () => {
      const database = await copyDatabase();
      onTestFinished(() => dropDatabase(database));
      const folder = temporaryFolder();
      mkdirSync(join(folder, "openbatch-data"));
      const args = ["serve", "--port", "0", "--json", "--database", database, "--storage", temporaryFolder()];
      const server = start(args, { around: ["env", `--chdir=${folder}`] });
      await server.says(/"ready"/);
      await server.says(/The folder openbatch-data .* nothing of it is imported\./);
    });

    test("sends to several servers, and holds a batch to the limits that it is told", async () => {
      const upstream = await startUpstream(1);
      const file = join(temporaryFolder(), "upstreams.yaml");
      writeFileSync(file, `upstreams:\n  - base_url: ${upstream.url}\n    models: [gpt-4o-mini]\n`);
      const args = ["--work", "--upstreams", file, "--max-batch-requests", "3"];
      const { openai } = await startCluster({ args });
      expect(await runBatch(openai, chatLines(3))).toMatchObject({ status: "completed" });
      expect(upstream.count()).toBe(3);
      const { status, errors } = await runBatch(openai, chatLines(4));
      expect(status).toBe("failed");
      expect(errors?.data?.[0]?.code).toBe("too_many_requests");
    });
  },
);
