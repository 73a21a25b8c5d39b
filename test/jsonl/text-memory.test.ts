import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { escapeLine, LineAppender, type ShapedValue } from "../../src/jsonl/index.js";
import { temporaryFolder } from "../temporary-folder.js";

type Started = new (...args: never[]) => { readonly exports: object };

const { WebAssembly: given } = globalThis as unknown as { WebAssembly: Record<"Instance", Started> };

const folder = temporaryFolder();
let files = 0;

interface Target {
  readonly appender: LineAppender;
  readonly path: string;
  readonly stretches: readonly Buffer[];
  readonly expected: string[];
}

/** More files than a thread has memories. */
function openMany(Appender = LineAppender): readonly Target[] {
  return Array.from({ length: 7 }, (_, number) => {
    files += 1;
    const path = join(folder, `${files}.jsonl`);
    const stretches = [Buffer.from(`{"${"é".repeat(number)}":"`), Buffer.from('"}')];
    return { appender: new Appender(openSync(path, "a+"), path), path, stretches, expected: [] };
  });
}

/** The same in a thread in which nothing is started yet. */
async function openManyAnew(): Promise<readonly Target[]> {
  vi.resetModules();
  return openMany((await import("../../src/jsonl/index.js")).LineAppender);
}

function toJson(value: unknown): string {
  return escapeLine(JSON.stringify(value));
}

function appendDraft({ appender, expected }: Target, value: object): void {
  expect(appender.draft(value)).toBe(true);
  expect(appender.appendDraft(value)).toBe(true);
  expected.push(toJson(value));
}

function appendShaped({ appender, stretches, expected }: Target, text: string): void {
  const line: ShapedValue = { stretches, texts: [text] };
  expect(appender.appendShaped(line)).toBe(true);
  expected.push(`${stretches[0]}${toJson(text).slice(1, -1)}${stretches[1]}`);
}

function appendText({ appender, expected }: Target, text: string): void {
  appender.append(toJson(text));
  expected.push(toJson(text));
}

function expectWritten(targets: readonly Target[]): void {
  for (const { appender, path, expected } of targets) {
    appender.close();
    expect(readFileSync(path, "utf8")).toBe(expected.map((line) => `${line}\n`).join(""));
  }
}

const texts = fc
  .array(
    fc.constantFrom("plain words, ", "é", "漢字", "😀", '"quoted"\n', "\u2028", "\ud83d", "x".repeat(99)),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(""));

/** Turns of the files: how many lines of which kind one of them gets, and whether each is written through. */
const turns = fc.array(
  fc.record({
    file: fc.nat(6),
    lines: fc.nat(30),
    kind: fc.nat(2),
    writesThrough: fc.boolean(),
    text: texts,
  }),
  { minLength: 20, maxLength: 120 },
);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("TextMemory", () => {
  it("has in each file what was written to it, however many files are written in turns", () => {
    fc.assert(
      fc.property(turns, (turns) => {
        const targets = openMany();
        for (const { file, lines, kind, writesThrough, text } of turns) {
          const target = targets[file];
          if (target === undefined) continue;
          for (let line = 0; line < lines; line += 1) {
            if (kind === 0) appendDraft(target, { line, text: [text, line] });
            if (kind === 1) appendShaped(target, `${text}${line}`);
            if (kind === 2) appendText(target, text);
            if (writesThrough) target.appender.flush();
          }
        }
        expectWritten(targets);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps what is written of a line while a getter in it writes lines of other files", () => {
    const targets = openMany();
    const [outer, ...others] = targets;
    for (let line = 0; line < 40; line += 1) {
      const inner = () => {
        for (const target of others)
          for (let number = 0; number < 20; number += 1)
            appendShaped(target, `${number} – ${"z".repeat(40)}`);
        return `after ${"y".repeat(60)}`;
      };
      const before = `before ${"x".repeat(60)} ${line}`;
      const value = {
        before,
        get inner() {
          return inner();
        },
      };
      expect(outer?.appender.draft(value)).toBe(true);
      expect(outer?.appender.appendDraft(value)).toBe(true);
      outer?.expected.push(toJson({ before, inner: `after ${"y".repeat(60)}` }));
    }
    expectWritten(targets);
  });

  it("keeps a draft while lines of other files are written", () => {
    const targets = openMany();
    const [first, ...others] = targets;
    for (let line = 0; line < 40; line += 1) {
      const value = { line, text: `draft ${line} `.repeat(20) };
      expect(first?.appender.draft(value)).toBe(true);
      for (const target of others) appendShaped(target, `${line} – ${"z".repeat(40)}`);
      expect(first?.appender.appendDraft(value)).toBe(true);
      first?.expected.push(toJson(value));
      for (const { appender } of targets) appender.flush();
    }
    expectWritten(targets);
  });

  it("is there a few times, and again for whoever comes later", async () => {
    let started = 0;
    const Counted = class {
      readonly exports: object;

      constructor(...args: never[]) {
        started += 1;
        this.exports = new given.Instance(...args).exports;
      }
    };
    vi.stubGlobal("WebAssembly", { ...{ Module: given["Module" as "Instance"] }, Instance: Counted });
    const targets = await openManyAnew();
    for (const target of targets)
      for (let line = 0; line < 100; line += 1) appendShaped(target, `line ${line}`);
    expectWritten(targets);
    expect(started).toBe(4);
  });

  it.each([0, 2])("writes all the same where there is memory for %i of them", async (most) => {
    let started = 0;
    const Scarce = class {
      readonly exports: object;

      constructor(...args: never[]) {
        started += 1;
        if (started > most) throw new RangeError("Out of memory.");
        this.exports = new given.Instance(...args).exports;
      }
    };
    vi.stubGlobal("WebAssembly", { ...{ Module: given["Module" as "Instance"] }, Instance: Scarce });
    const targets = await openManyAnew();
    for (let line = 0; line < 100; line += 1)
      for (const target of targets) appendShaped(target, `${"é".repeat(line)} line`);
    expectWritten(targets);
    expect(started).toBe(most + 1);
  });
});
