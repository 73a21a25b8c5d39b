import { expect, test } from "vitest";
import type { Result } from "../../../src/results/answer/result.js";
import { readResults } from "../../../src/results/reader/read-results.js";
import { ReadingPace } from "../../../src/results/reader/reading-pace.js";
import { ResultIterator, type ResultSource } from "../../../src/results/reader/result-iterator.js";
import { answerLine } from "../../lines.js";
import { fileWriter } from "../../temporary-folder.js";

const write = fileWriter();

async function readSome(count: number): Promise<readonly Result[]> {
  const lines = Array.from({ length: count }, (_, index) => answerLine(`${index}`));
  const results: Result[] = [];
  for await (const result of readResults({ results: write(lines) })) results.push(result);
  return results;
}

/** A source of results that counts how often it is closed. With `wait` the first of them takes longest. */
function sourceOf(results: readonly Result[], { lineBytes = 1000, wait = false } = {}) {
  const source = {
    closed: 0,
    count: results.length,
    readAt(index: number) {
      const result = results[index];
      if (result === undefined || source.closed > 0) throw new Error("closed");
      return wait ? new Promise<Result>((resolve) => setTimeout(resolve, 3 - index, result)) : result;
    },
    lengthAt: () => lineBytes,
    assertOpen() {
      if (source.closed > 0) throw new Error("closed");
    },
    async close() {
      source.closed += 1;
    },
  } satisfies ResultSource & { closed: number };
  return source;
}

function iterate(
  source: ResultSource,
  { thenCloses = true, signal = undefined as AbortSignal | undefined } = {},
) {
  return new ResultIterator(source, { pace: new ReadingPace({ totalBytes: undefined, signal }), thenCloses });
}

const results = await readSome(3);

test.each([
  ["that are there at once", {}],
  ["that take longer the earlier they are", { wait: true }],
  ["between which the rest of the process has its turn", { lineBytes: 1_000_000 }],
])("several asked for at once, %s, are given in their order", async (_, options) => {
  const iterator = iterate(sourceOf(results, options));
  const asked = Array.from({ length: 5 }, () => iterator.next());
  const found = await Promise.all(asked);
  expect(found.map(({ value }) => value?.custom_id)).toEqual(["0", "1", "2", undefined, undefined]);
  expect(found.map(({ done }) => done)).toEqual([false, false, false, true, true]);
});

test("are read ahead behind one that is waited for, and no further than some bytes of lines go", async () => {
  const source = sourceOf(results, { wait: true, lineBytes: 65_536 });
  const asked: number[] = [];
  const readAt = (index: number) => {
    asked.push(index);
    return source.readAt(index);
  };
  const iterator = iterate({ ...source, readAt });
  expect((await iterator.next()).value?.custom_id).toBe("0");
  expect(asked).toEqual([0, 1]);
  expect((await iterator.next()).value?.custom_id).toBe("1");
  expect((await iterator.next()).value?.custom_id).toBe("2");
  expect(asked).toEqual([0, 1, 2]);
});

test("that were read ahead are not given when the source is closed meanwhile", async () => {
  const source = sourceOf(results, { wait: true });
  const iterator = iterate(source, { thenCloses: false });
  await iterator.next();
  await source.close();
  await expect(iterator.next()).rejects.toThrow("closed");
});

test("that are broken off close their source, and no more is given", async () => {
  const source = sourceOf(results);
  const iterator = iterate(source);
  await iterator.next();
  expect(await iterator.return()).toEqual({ value: undefined, done: true });
  expect(await iterator.next()).toEqual({ value: undefined, done: true });
  expect(source.closed).toBeGreaterThan(0);
});

test("that are broken off while one is waited for end behind that one", async () => {
  const source = sourceOf(results, { wait: true });
  const iterator = iterate(source);
  const asked = [iterator.next(), iterator.return(), iterator.next()];
  expect((await Promise.all(asked)).map(({ value }) => value?.custom_id)).toEqual([
    "0",
    undefined,
    undefined,
  ]);
});

test("of which one cannot be read end with that error, and then close their source", async () => {
  const source = Object.assign(sourceOf(results), { readAt: () => Promise.reject(new Error("broken")) });
  const iterator = iterate(source);
  await expect(iterator.next()).rejects.toThrow("broken");
  expect(source.closed).toBeGreaterThan(0);
  expect(await iterator.next()).toEqual({ value: undefined, done: true });
});

test("end with the reason of the signal, also after the last one", async () => {
  const controller = new AbortController();
  const iterator = iterate(sourceOf(results), { signal: controller.signal });
  for (const _ of results) await iterator.next();
  controller.abort(new Error("enough"));
  await expect(iterator.next()).rejects.toThrow("enough");
  expect(await iterator.next()).toEqual({ value: undefined, done: true });
});

test("leave a source open that others go through", async () => {
  const source = sourceOf(results);
  const iterator = iterate(source, { thenCloses: false });
  await iterator.next();
  await iterator.return();
  expect(source.closed).toBe(0);
  expect((await iterate(source).next()).value?.custom_id).toBe("0");
});
