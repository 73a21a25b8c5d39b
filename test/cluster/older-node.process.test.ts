import { expect, test } from "vitest";
import { spawnCli } from "../cli/start-cli.js";
import { temporaryFolder } from "../temporary-folder.js";

const isOld = Number(process.versions.node.split(".")[0]) < 22;

test.skipIf(!isOld).each([
  ["migrate", []],
  ["worker", ["--rehearse"]],
  ["serve", ["--port", "0"]],
])("%s on a database says which Node it needs", async (command, more) => {
  const storage = command === "migrate" ? [] : ["--storage", temporaryFolder()];
  const args = [command, "--database", "postgres://127.0.0.1:1/none", ...storage, ...more];
  const { exit, error } = await spawnCli(args);
  expect(exit).toBe(2);
  expect(error).toContain(`need Node 22.12 or newer, and this is ${process.versions.node}`);
});

test.each([
  [["--storage", "x"], "--database and --storage are given together"],
  [["--database", "postgres://h/n", "--storage", "x", "--data", "y"], "--data is not for a server"],
  [["--database", "postgres://h/n", "--storage", "x", "--rehearse"], "--rehearse is not for a server"],
  [["--work", "--rehearse"], "--work needs --database and --storage"],
])("serve %j is refused", async (args, message) => {
  const { exit, error } = await spawnCli(["serve", ...args]);
  expect(exit).toBe(2);
  expect(error).toContain(message);
});
