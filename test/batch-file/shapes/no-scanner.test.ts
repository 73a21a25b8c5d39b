import { afterEach, expect, test, vi } from "vitest";

type WebAssemblyLike = Record<"Module" | "Instance", new (...args: never[]) => object>;

const { WebAssembly: given } = globalThis as unknown as { WebAssembly: WebAssemblyLike };

/** A thread in which WebAssembly is another one, where it is not what it was. */
async function startWith(webAssembly: Partial<WebAssemblyLike> | undefined) {
  vi.stubGlobal(
    "WebAssembly",
    webAssembly && { ...{ Module: given.Module, Instance: given.Instance }, ...webAssembly },
  );
  vi.resetModules();
  const { OutlineReader } = await import("../../../src/batch-file/shapes/outline-reader.js");
  const { ShapeScanner } = await import("../../../src/batch-file/shapes/shape-scanner.js");
  return { reader: new OutlineReader(), ShapeScanner };
}

class Refusing {
  constructor() {
    throw new RangeError("There is none.");
  }
}

/** Has a memory that does not grow any more after the first time. */
class Narrow {
  readonly exports: object;

  constructor(...args: never[]) {
    const { exports } = new given.Instance(...args) as {
      exports: { memory: { buffer: object; grow: (pages: number) => number } };
    };
    const { memory } = exports;
    let grown = 0;
    const grow = (pages: number) => {
      if (grown > 0) throw new RangeError("It does not grow.");
      grown += 1;
      return memory.grow(pages);
    };
    const narrow = {
      grow,
      get buffer() {
        return memory.buffer;
      },
    };
    this.exports = { ...exports, memory: narrow };
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

function toLine(custom_id: string, content = "Hello"): Buffer {
  const body = { model: "m", messages: [{ role: "user", content }] };
  return Buffer.from(JSON.stringify({ custom_id, method: "POST", url: "/v1/chat/completions", body }));
}

const lines = ["a", "b", "c"].map((custom_id) => toLine(custom_id));

test.each([
  ["is none", undefined],
  ["takes no such code", { Module: Refusing }],
  ["gets no memory", { Instance: Refusing }],
])("lines are read where WebAssembly %s", async (_, webAssembly) => {
  const { reader, ShapeScanner } = await startWith(webAssembly);
  expect(ShapeScanner.shared).toBeUndefined();
  for (const [index, line] of lines.entries())
    expect(reader.read({ buffer: line, start: 0, end: line.length, edition: 0 })).toMatchObject({
      kind: "request",
      custom_id: "abc".charAt(index),
    });
});

test("a long line is read where there is no memory to compare it, and short ones are compared as ever", async () => {
  const { reader, ShapeScanner } = await startWith({ Instance: Narrow });
  expect(ShapeScanner.shared).toBeDefined();
  const long = toLine("long", "x".repeat(1_000_000));
  for (const [line, custom_id] of [
    [toLine("a"), "a"],
    [long, "long"],
    [toLine("b"), "b"],
    [long, "long"],
  ] as const)
    expect(reader.read({ buffer: line, start: 0, end: line.length, edition: 0 })).toMatchObject({
      kind: "request",
      custom_id,
    });
});
