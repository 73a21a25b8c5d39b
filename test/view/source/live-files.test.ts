import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type LiveFiles, openLiveFiles } from "../../../src/view/source/live-files.js";
import { chatAnswerLine, chatLines } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();

/** A batch that ends: from then on its requests are another file. */
function startBatch() {
  const files = writeFolder(folder, {
    "running.jsonl": chatLines(2),
    "results.jsonl": [chatAnswerLine("request-0", "Yes"), chatAnswerLine("request-1", "No")],
  });
  const [running, ended] = [join(files, "running.jsonl"), join(files, "ended.jsonl")];
  let requests = running;
  const show = (): LiveFiles => ({
    name: "batch",
    isRehearsal: false,
    requests: { path: requests, name: "requests.jsonl" },
    results: [{ path: join(files, "results.jsonl"), name: "output" }],
    mayStillCome: requests === running,
  });
  const end = (): void => {
    renameSync(running, ended);
    requests = ended;
  };
  return { running, show, end };
}

const readActivity = async () => ({ run: undefined, parts: [], planned: undefined });

test("a batch that ends while its files are opened is opened where it is then", async () => {
  const { show, end } = startBatch();
  let finds = 0;
  const find = async (): Promise<LiveFiles> => {
    const found = show();
    finds += 1;
    // The first is for the stamp; what the second finds is gone when it is opened.
    if (finds === 2) end();
    return found;
  };
  const source = await openLiveFiles("1", { find, readActivity });
  onTestFinished(() => source.close());
  await source.whenRead;
  expect(source.summary()).toMatchObject({ state: "complete", counts: { usable: 2 } });
});

test("files that are not where they should be are named, and not looked for without end", async () => {
  const { running, show, end } = startBatch();
  const lost = show();
  end();
  let finds = 0;
  const find = async (): Promise<LiveFiles> => {
    finds += 1;
    return { ...lost, mayStillCome: finds % 2 === 0 };
  };
  await expect(openLiveFiles("1", { find, readActivity })).rejects.toMatchObject({
    code: "file_not_found",
    message: expect.stringContaining(running),
  });
  await expect(openLiveFiles("1", { find: async () => lost, readActivity })).rejects.toMatchObject({
    code: "file_not_found",
  });
});
