import { expect, onTestFinished, test } from "vitest";
import { type LiveFiles, openLiveFiles } from "../../../src/view/source/live-files.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { startEndingBatch } from "./ending-batch.js";

const folder = temporaryFolder();

const readActivity = async () => ({ run: undefined, parts: [], planned: undefined });

test("a batch that ends while its files are opened is opened where it is then", async () => {
  const { show, end } = startEndingBatch(folder);
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
  const { running, show, end } = startEndingBatch(folder);
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
