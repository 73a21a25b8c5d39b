import { expect, test } from "vitest";
import { startBatchServer } from "../../../src/testing.js";
import { runCli } from "../run-cli.js";

test("openbatch doctor tells in ten lines what there is, and ends by it", async () => {
  await using server = await startBatchServer();
  const args = ["doctor", "--base-url", server.baseURL, "--api-key-env", "DOCTORS_KEY"];
  process.env.DOCTORS_KEY = "sk-of-the-doctor";
  const { exit, out } = await runCli(args);
  expect([exit, out.split("\n").length]).toEqual([0, 10]);
  expect(out).toMatch(/^ok {2}service {4}openbatch serve, at http:/m);
  expect(out).toMatch(/^ok {2}key {8}present; it is not shown$/m);
  expect(out).not.toContain("sk-of-the-doctor");
  const { exit: exitOfJson, out: json } = await runCli([...args, "--json"]);
  expect([exitOfJson, JSON.parse(json).isReady]).toEqual([0, true]);
  delete process.env.DOCTORS_KEY;
  const { exit: exitWithout, out: without } = await runCli(args);
  expect([exitWithout, without]).toEqual([
    2,
    expect.stringContaining("NO  key        The environment variable"),
  ]);
  await server.close();
  expect((await runCli(args.slice(0, 3))).exit).toBe(3);
});
