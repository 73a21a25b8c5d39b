import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { CopiedResults } from "../../../src/cluster/page/copied-results.js";
import { CopyRoom } from "../../../src/cluster/page/copy-room.js";
import { SharedFolder } from "../../../src/cluster/storage/shared-folder.js";
import { temporaryFolder } from "../../temporary-folder.js";

const both = ["output", "errors"] as const;
const { signal } = new AbortController();

/** Segments of a batch in a storage, and what is copied of them. */
async function begin(mostBytes = 1000) {
  const folder = temporaryFolder();
  const storage = await SharedFolder.open(join(folder, "storage"));
  await storage.writeMark("mark");
  const room = new CopyRoom(mostBytes);
  const path = join(folder, "results.jsonl");
  const copied = new CopiedResults(path, { storage, take: (bytes) => room.take(copied, bytes) });
  const commit = async (n: number, output: string, errors: string) => {
    for (const [part, text] of Object.entries({ output, errors }))
      if (text !== "") await storage.put(`batches/b/${n}.t.${part}`, Readable.from([Buffer.from(text)]));
    const bytes = { outputBytes: output.length, errorsBytes: errors.length };
    return { batch: "b", n, token: "t", ...bytes, completed: 1, failed: 1 };
  };
  const text = (): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return { storage, room, copied, commit, text };
}

test("segments are joined as they come, and the file is called by what is in it", async () => {
  const { copied, commit, text } = await begin();
  expect(copied.name).toBe("output");
  await copied.add(await commit(1, "1\n2\n", ""), both, signal);
  expect(copied.name).toBe("output");
  await copied.add(await commit(0, "", "0\n"), both, signal);
  expect([text(), copied.name, copied.numbers]).toEqual(["1\n2\n0\n", "output and errors", [1, 0]]);
  expect(copied.holdsOther(both)).toBe(false);
  expect(copied.holdsOther(["errors"])).toBe(true);
});

test("of a segment of which a part is not there nothing is copied, and it may come later", async () => {
  const { storage, room, copied, commit, text } = await begin(20);
  await copied.add(await commit(0, "0\n", ""), both, signal);
  const segment = await commit(1, "1\n", "failed\n");
  await storage.remove("batches/b/1.t.errors");
  await expect(copied.add(segment, both, signal)).rejects.toMatchObject({ code: "file_not_found" });
  expect([text(), copied.numbers]).toEqual(["0\n", [0]]);
  await copied.add(await commit(2, "2\n", ""), both, signal);
  expect(text()).toBe("0\n2\n");
  // What was not copied takes no room.
  room.take({}, 16);
});

test("where there is no room nothing is copied, until there is", async () => {
  const { room, copied, commit, text } = await begin(10);
  const other = {};
  room.take(other, 8);
  const segment = await commit(0, "0\n1\n", "2\n");
  await expect(copied.add(segment, both, signal)).rejects.toThrow("Too much is open");
  expect(text()).toBe("");
  room.leave(other);
  await copied.add(segment, both, signal);
  expect(text()).toBe("0\n1\n2\n");
  expect(room.shareOf(copied)).toBe(0.6);
  await copied.remove();
  room.take(other, 10);
});
