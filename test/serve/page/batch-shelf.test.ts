import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BatchShelf } from "../../../src/serve/page/batch-shelf.js";
import type { HeldFiles } from "../../../src/serve/page/page-store.js";
import { chatLines, toLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";

/** A shelf over batches of which each has the same file, and of which each has a weight. */
function openShelf(weights: Readonly<Record<string, number>>) {
  const path = join(temporaryFolder(), "requests.jsonl");
  writeFileSync(path, toLines(chatLines(3)));
  const open = new Set<string>();
  const hold = async (id: string): Promise<HeldFiles | undefined> => {
    const weight = weights[id];
    if (weight === undefined) return undefined;
    open.add(id);
    const files = {
      name: id,
      isRehearsal: false,
      requests: { path, name: id },
      results: [],
      mayStillCome: true,
    };
    const read = async () => files;
    return { weight, read, readAll: read, close: async () => void open.delete(id) };
  };
  const shelf = new BatchShelf({
    store: { hold },
    paces: { read: async () => undefined },
    feed: { follow: () => () => undefined },
  });
  onTestFinished(() => shelf.close());
  const look = async (id: string) => (await shelf.find(id))?.summary().name;
  return { shelf, look, open };
}

test("what was not looked at for longest is closed where all together would be too much", async () => {
  const { look, open } = openShelf({ a: 0.4, b: 0.4, c: 0.5, d: 1 });
  expect([await look("a"), await look("b"), await look("a")]).toEqual(["a", "b", "a"]);
  expect([...open]).toEqual(["a", "b"]);
  expect(await look("c")).toBe("c");
  expect([...open]).toEqual(["a", "c"]);
  expect(await look("d")).toBe("d");
  expect([...open]).toEqual(["d"]);
});

test("what weighs nothing is closed where there are more than eight", async () => {
  const ids = Array.from({ length: 9 }, (_, index) => `batch-${index}`);
  const { look, open } = openShelf(Object.fromEntries(ids.map((id) => [id, 0])));
  for (const id of ids) expect(await look(id)).toBe(id);
  expect([...open]).toEqual(ids.slice(1));
});

test("what is not there is not opened, and all is closed with the shelf", async () => {
  const { shelf, look, open } = openShelf({ a: 0 });
  expect(await look("b")).toBeUndefined();
  expect(await look("a")).toBe("a");
  await shelf.close();
  expect([...open]).toEqual([]);
});
