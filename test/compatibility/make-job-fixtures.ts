// Writes the files of a job, and of its server, as they are when a process dies in the midst of it:
// npx tsx test/compatibility/make-job-fixtures.ts test/compatibility/files-of-MONTH/jobs
// Made once for each form that files had: those of older versions stay, so that every later version goes on from them.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { submitBatchFile } from "../../src/job.js";
import { startBatchServer } from "../../src/testing.js";
import { chatLines } from "../lines.js";

const to = resolve(process.argv[2] ?? "jobs");
// Where the server is said to be; whoever goes on puts the address of another in its place.
const fixtureURL = "http://127.0.0.1:8000/v1";

/** The call that the server has answered, and whose answer has not come. */
const moments: Readonly<Record<string, RegExp>> = {
  uploading: /^POST \/v1\/files$/,
  creating: /^POST \/v1\/batches$/,
  submitted: /^GET \/v1\/batches\/[^/]+$/,
  ended: /^GET \/v1\/files\/[^/]+\/content$/,
};

for (const [moment, call] of Object.entries(moments)) {
  const folder = mkdtempSync(join(tmpdir(), "openbatch-fixture-"));
  writeFileSync(join(folder, "requests.jsonl"), `${chatLines(6).join("\n")}\n`);
  let isTaken = false;
  await using server = await startBatchServer({
    data: join(folder, "openbatch-data"),
    onEvent: (event) => {
      if (event.kind !== "request" || isTaken || !call.test(`${event.method} ${event.path}`)) return;
      isTaken = true;
      take(folder, join(to, moment), server.baseURL);
    },
  });
  const { baseURL, apiKey } = server;
  await submitBatchFile(join(folder, "requests.jsonl"), { baseURL, apiKey, pollSeconds: 0.1 });
}

function take(from: string, target: string, baseURL: string): void {
  mkdirSync(target, { recursive: true });
  cpSync(from, target, { recursive: true, filter: (path) => !basename(path).endsWith(".lock") });
  for (const name of readdirSync(target, { recursive: true })) {
    const path = join(target, `${name}`);
    if (!statSync(path).isFile()) continue;
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replaceAll(baseURL, fixtureURL).replaceAll(`${from}/`, ""));
  }
}
