import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BatchPlan, type PlanBatchFileOptions, planBatchFile } from "../../src/plan/index.js";
import { type ProfileName, profileNames, profiles } from "../../src/providers/index.js";
import { chatLine, chatLines, embeddingLine, toLines } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
let number = 0;

function write(content: string | Buffer, name = `file-${++number}.jsonl`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function plan(content: string | Buffer, options: PlanBatchFileOptions = {}): Promise<BatchPlan> {
  return planBatchFile(write(content), options);
}

async function writeParts(content: string, options: PlanBatchFileOptions = {}) {
  const to = join(folder, `parts-${++number}`);
  const planned = await plan(content, { ...options, to });
  const texts = planned.parts.map(({ file = "" }) => readFileSync(file, "utf8"));
  return { ...planned, texts, to };
}

/** The content of a file of good requests. */
function chatFile(count: number): string {
  return toLines(chatLines(count));
}

const mixed = `${chatLine("a")}\n${embeddingLine("b")}\n${chatLine("c", { model: "gpt-4.1" })}\n${chatLine("d")}\n`;

describe("planBatchFile", () => {
  test("makes one part of a file that one batch takes, which is the file", async () => {
    const { parts, texts, unplaced, unknowns } = await writeParts(chatFile(3), { countTokens: false });
    expect(texts).toEqual([chatFile(3)]);
    expect(parts).toMatchObject([
      {
        ...{ number: 1, urls: ["/v1/chat/completions"], models: ["gpt-4o-mini"], requests: 3 },
        ...{ bytes: chatFile(3).length, embeddingInputs: 0, firstLine: 1, lastLine: 3 },
      },
    ]);
    expect([unplaced, unknowns]).toEqual([[], []]);
  });

  test("cuts as few parts as the limits allow, and as even as so many can be", async () => {
    const { parts } = await plan(chatFile(120_000), { countTokens: false });
    expect(parts.map(({ requests }) => requests)).toEqual([40_000, 40_000, 40_000]);
    const { parts: larger } = await plan(chatFile(120_000), { provider: "azure", countTokens: false });
    expect(larger.map(({ requests }) => requests)).toEqual([60_000, 60_000]);
  });

  test.each([
    [10, 3],
    [7, 6],
    [23, 5],
    [100, 33],
  ])("cuts %i alike requests, of which %i fit, into parts that differ by one", async (count, maxRequests) => {
    const { parts } = await plan(chatFile(count), { maxRequests, countTokens: false });
    const sizes = parts.map(({ requests }) => requests);
    expect(parts).toHaveLength(Math.ceil(count / maxRequests));
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  test("gives each endpoint and model a part of its own, where the service wants that", async () => {
    const { parts, texts } = await writeParts(mixed);
    const [a, b, c, d] = mixed.split(/(?<=\n)/);
    expect(texts).toEqual([`${a}${d}`, b, c]);
    expect(parts.map(({ urls, models }) => [...urls, ...models])).toEqual([
      ["/v1/chat/completions", "gpt-4o-mini"],
      ["/v1/embeddings", "text-embedding-3-small"],
      ["/v1/chat/completions", "gpt-4.1"],
    ]);
  });

  test("leaves them together at a service that takes them so", async () => {
    const content = `${chatLine("a")}\n${chatLine("b", { model: "other" })}\n`;
    const { parts, texts } = await writeParts(content, { provider: "groq" });
    expect(texts).toEqual([content]);
    expect(parts).toMatchObject([{ models: ["gpt-4o-mini", "other"] }]);
  });

  test("counts the inputs of embeddings, and what a service takes fewer of", async () => {
    const inputs = Array.from({ length: 2_000 }, () => "x");
    const lines = Array.from({ length: 30 }, (_, index) => `${embeddingLine(`id-${index}`, inputs)}\n`);
    const { parts } = await plan(lines.join(""));
    expect(parts.map(({ embeddingInputs }) => embeddingInputs)).toEqual([30_000, 30_000]);
    const small = Array.from({ length: 10_001 }, (_, index) =>
      embeddingLine(`id-${index}`).replace("/v1/", "/v4/"),
    );
    const { parts: ofZhipu } = await plan(`${small.join("\n")}\n`, { provider: "zhipu" });
    expect(ofZhipu.map(({ requests }) => requests)).toEqual([5_000, 5_001]);
  });

  test("keeps to limits of one's own", async () => {
    const { parts } = await plan(chatFile(10), { maxRequests: 4 });
    expect(parts.map(({ requests }) => requests)).toEqual([3, 4, 3]);
    const bytes = chatFile(9).length / 3;
    const { parts: bySize } = await plan(chatFile(9), { maxBytes: bytes });
    expect(bySize.map(({ requests }) => requests)).toEqual([3, 3, 3]);
  });

  test("names a request that no batch can hold, with its line, and writes nothing then", async () => {
    const content = `${chatLine("a")}\n\n${chatLine("b", { user: "x".repeat(500) })}\n${chatLine("c")}`;
    const to = join(folder, "none");
    const { parts, unplaced, unplacedCount, requests } = await plan(content, { maxBytes: 400, to });
    expect(parts.reduce((sum, part) => sum + part.requests, 0)).toBe(2);
    expect([requests, unplacedCount]).toEqual([3, 1]);
    expect(unplaced).toMatchObject([{ line: 3, custom_id: "b", code: "line_too_long" }]);
    expect(existsSync(to)).toBe(false);
    const { unplaced: atZhipu } = await plan(`${chatLine("request")}\n`, { provider: "zhipu" });
    expect(atZhipu).toMatchObject([
      { line: 1, code: "invalid_url", hint: expect.stringContaining("/v4/chat/completions") },
    ]);
  });

  test("keeps to limits that nobody has confirmed, and says so", async () => {
    const { parts, unknowns } = await plan(chatFile(60_000), { provider: "parasail", countTokens: false });
    expect(parts).toHaveLength(2);
    expect(unknowns).toEqual([
      "Not confirmed of a batch at Parasail: 100,000,000 bytes, one model, one endpoint.",
    ]);
    const long = chatLine("a", { messages: [{ role: "user", content: "x".repeat(6_000_001) }] });
    expect((await plan(`${long}\n`, { provider: "alibaba" })).unplaced).toEqual([]);
  });

  test("tells the service by its base URL", async () => {
    const baseURL = "https://api.groq.com/openai/v1";
    expect(await plan(chatFile(1), { baseURL })).toMatchObject({ provider: "groq" });
    expect(await plan(chatFile(1), { baseURL, provider: "openai" })).toMatchObject({ provider: "openai" });
    expect(
      await plan(chatFile(1), { baseURL: "https://llm.example.org/v1", countTokens: false }),
    ).toMatchObject({
      provider: "custom",
      unknowns: ["Nothing is known of the service: the limits are those of OpenAI."],
    });
  });

  test("counts tokens, and says what they cost in batches and one by one", async () => {
    const lines = [chatLine("a", { max_tokens: 100, n: 2 }), chatLine("b", { max_completion_tokens: 50 })];
    const { parts, tokens, price, directPrice, unknowns } = await plan(toLines(lines));
    // "Say something about a." has 5 tokens, "user" 1; 3 stand around a message, and 3 before the answer.
    expect(tokens).toEqual({ input: 24, outputAtMost: 250, isExact: true });
    const direct = (24 * 0.15) / 1e6 + (250 * 0.6) / 1e6;
    expect(price?.cachedInput).toBeCloseTo((24 * 0.075) / 1e6 / 2, 12);
    expect(price?.expected).toBeUndefined();
    expect(directPrice?.atMost).toBeCloseTo(direct, 12);
    expect(price?.atMost).toBeCloseTo(direct / 2, 12);
    expect(parts).toMatchObject([{ tokens, price }]);
    expect(unknowns).toEqual([]);
  });

  test("counts all models without a price, however many there are", async () => {
    const lines = Array.from({ length: 120 }, (_, index) =>
      chatLine(`${index}`, { model: `my-model-${index}` }),
    );
    const { unknowns } = await plan(toLines(lines));
    expect(unknowns).toEqual([
      "No price is known of my-model-0 and of 119 more; to give one: --price INPUT,OUTPUT.",
    ]);
  });

  test("names no limit of answers, and no price, where there is none", async () => {
    const { tokens, price, directPrice, unknowns } = await plan(
      toLines([chatLine("a", { model: "my-model" })]),
    );
    expect(tokens).toEqual({ input: expect.any(Number), isExact: false });
    expect([price, directPrice]).toEqual([undefined, undefined]);
    expect(unknowns).toEqual(["No price is known of my-model; to give one: --price INPUT,OUTPUT."]);
    const tokenPrice = { input: 2, output: 4 };
    const priced = await plan(toLines([chatLine("a", { model: "my-model", max_tokens: 1_000_000 })]), {
      tokenPrice,
    });
    expect(priced.price?.atMost).toBeCloseTo(2, 3);
    expect(priced.directPrice?.atMost).toBeCloseTo(4, 3);
  });

  test("says what answers of a share of their limits cost", async () => {
    const content = toLines([chatLine("a", { max_tokens: 1_000_000 })]);
    const { price, directPrice } = await plan(content, { outputShare: 0.25 });
    expect(price?.expected).toBeCloseTo(0.075, 4);
    expect(price?.atMost).toBeCloseTo(0.3, 4);
    expect(directPrice?.expected).toBeCloseTo(0.15, 4);
    const unlimited = await plan(toLines([chatLine("a")]), { outputShare: 0.25 });
    expect(unlimited.price?.expected).toBeUndefined();
  });

  test("names no lower price of cached input where a batch has none", async () => {
    const content = toLines([chatLine("a", { model: "openai/gpt-oss-20b" })]);
    const { price, directPrice } = await plan(content, { provider: "groq" });
    expect(price?.cachedInput).toBeUndefined();
    expect(directPrice?.cachedInput).toBeLessThan(directPrice?.input ?? 0);
    expect((await plan(toLines([embeddingLine("a")]))).price?.cachedInput).toBeUndefined();
  });

  test("refuses what may cost more than it is to, or nobody knows what, and writes nothing", async () => {
    const to = join(folder, "too-dear");
    const cost = (body: object, maxCost: number) =>
      plan(toLines([chatLine("a", { ...body })]), { maxCost, to });
    const code = "cost_over_limit";
    await expect(cost({ max_tokens: 1_000_000 }, 0.29)).rejects.toMatchObject({ code });
    await expect(cost({}, 100)).rejects.toMatchObject({
      code,
      hint: expect.stringContaining("max_completion_tokens"),
    });
    await expect(cost({ model: "mine", max_tokens: 1 }, 100)).rejects.toMatchObject({
      code,
      hint: expect.stringContaining("--price"),
    });
    expect(existsSync(to)).toBe(false);
    expect((await cost({ max_tokens: 1_000_000 }, 0.31)).parts).toHaveLength(1);
    await expect(plan(chatFile(1), { maxCost: 1, countTokens: false })).rejects.toMatchObject({
      code: "invalid_option",
    });
  });

  test("cuts by tokens, as may wait in a queue", async () => {
    const { parts } = await plan(chatFile(10), { maxTokens: 45 });
    expect(parts.every((part) => (part.tokens?.input ?? 0) <= 45)).toBe(true);
    expect(parts.map(({ requests }) => requests).reduce((sum, count) => sum + count, 0)).toBe(10);
  });

  test("reads what is compressed, and writes parts in plain text", async () => {
    const to = join(folder, "unpacked");
    const { parts } = await planBatchFile(write(gzipSync(chatFile(2)), "packed.jsonl.gz"), { to });
    expect(readdirSync(to)).toEqual(["packed.part-1.jsonl"]);
    expect(readFileSync(parts[0]?.file ?? "", "utf8")).toBe(chatFile(2));
  });

  test("writes the names of parts in their order", async () => {
    const { to } = await writeParts(chatFile(12), { maxRequests: 1 });
    expect(
      readdirSync(to)
        .sort()
        .map((name) => name.replace(/^file-\d+/, "")),
    ).toEqual(Array.from({ length: 12 }, (_, index) => `.part-${`${index + 1}`.padStart(2, "0")}.jsonl`));
  });

  test("writes over no part, unless it is to, and leaves nothing half", async () => {
    const path = write(chatFile(4));
    const to = join(folder, "twice");
    await planBatchFile(path, { to, maxRequests: 2 });
    const before = readdirSync(to);
    await expect(planBatchFile(path, { to, maxRequests: 2 })).rejects.toMatchObject({ code: "file_exists" });
    await planBatchFile(path, { to, maxRequests: 2, overwrite: true });
    expect(readdirSync(to)).toEqual(before);
    const blocked = join(folder, "blocked");
    mkdirSync(join(blocked, `${before[1]}`), { recursive: true });
    await expect(planBatchFile(path, { to: blocked, maxRequests: 2, overwrite: true })).rejects.toThrow();
    expect(readdirSync(blocked).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("leaves no part of another plan of the file beside its own, whose requests would be sent again", async () => {
    const path = write(chatFile(12));
    const to = join(folder, "replanned");
    await planBatchFile(path, { to, maxRequests: 1 });
    writeFileSync(join(to, "other.part-01.jsonl"), "");
    await expect(planBatchFile(path, { to, maxRequests: 6 })).rejects.toMatchObject({ code: "file_exists" });
    const { parts } = await planBatchFile(path, { to, maxRequests: 6, overwrite: true });
    expect(readdirSync(to).map((name) => join(to, name))).toEqual(
      [...parts.map(({ file }) => file), join(to, "other.part-01.jsonl")].sort(),
    );
  });

  test("throws what a file has that cannot be sent, all of it", async () => {
    await expect(plan(`${chatLine("a")}\n{"custom_id":\n${chatLine("a")}\n`)).rejects.toMatchObject({
      code: "invalid_batch_file",
    });
    await expect(plan("\n")).rejects.toMatchObject({ code: "empty_file" });
  });

  test.each([
    [{ provider: "grok" }, "Did you mean groq?"],
    [{ modelNames: { a: 1 } }, expect.stringContaining("an object with a name under each name")],
    [{ maxRequests: 0 }, "Use a whole number, 1 or more."],
    [{ to: "" }, "Use the path of a folder."],
    [{ outputShare: 0 }, "Use a number above 0, up to 1."],
    [{ workers: -1 }, "Use a whole number, 0 or more."],
    [{ maxRequest: 5 }, "Did you mean maxRequests?"],
  ])("refuses %j", async (options, hint) => {
    // Plain JavaScript may hand over anything.
    const wrong = options as PlanBatchFileOptions;
    await expect(plan(chatFile(1), wrong)).rejects.toMatchObject({ code: "invalid_option", hint });
  });

  test("is let go when the signal aborts", async () => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(plan(chatFile(1), { signal })).rejects.toBe(reason);
  });

  test("has a text of 80 columns", async () => {
    const long = chatLine("long", { model: "an-organisation/a-model-with-a-very-long-name-indeed-and-more" });
    const text = `${await plan(`${mixed}${long}\n`, { countTokens: false })}`;
    expect(text.split("\n").slice(1)).toEqual([
      "",
      "part  endpoint          model                                requests       size",
      "   1  chat/completions  gpt-4o-mini                                 2  316 bytes",
      "   2  embeddings        text-embedding-3-small                      1  115 bytes",
      "   3  chat/completions  gpt-4.1                                     1  154 bytes",
      "   4  chat/completions  an-organisation/a-model-with-a-ver…         1  214 bytes",
    ]);
  });
});

const anyRequest = fc.record({
  model: fc.constantFrom("m", "model-2", undefined),
  endpoint: fc.constantFrom("chat", "embeddings"),
  size: fc.integer({ min: 0, max: 400 }),
  inputs: fc.integer({ min: 1, max: 5 }),
  end: fc.constantFrom("\n", "\r\n", "\n\n", "\n \n"),
});
const services = profileNames.filter((name) => profiles[name].lines === "openai" && name !== "moonshot");

describe("any file, at any service", () => {
  test("is its parts together, each within the limits, and as few as can be", async () => {
    const anyPlan = fc.record({
      requests: fc.array(anyRequest, { minLength: 1, maxLength: 40 }),
      provider: fc.constantFrom(...services),
      maxRequests: fc.integer({ min: 1, max: 12 }),
      maxBytes: fc.integer({ min: 700, max: 3_000 }),
      isTerminated: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(anyPlan, async ({ requests, provider, maxRequests, maxBytes, isTerminated }) => {
        const lines = requests.map((request, index) => toLine(request, index, provider));
        const content = lines.map(({ text, end }) => `${text}${end}`).join("");
        const file = isTerminated ? content : content.replace(/\s+$/, "");
        const { parts, texts, unplacedCount } = await writeParts(file, {
          ...{ provider, maxRequests, maxBytes, countTokens: false },
        });
        expect(unplacedCount).toBe(0);
        const wanted = file.split(/(?<=\n)/).filter((line) => line.trim() !== "");
        const held = texts.map((text) => text.split(/(?<=\n)/));
        expect(held.flat().sort()).toEqual([...wanted].sort());
        for (const [index, part] of parts.entries()) {
          expect(part.requests).toBe(held[index]?.length);
          expect(part.bytes).toBe(Buffer.byteLength(texts[index] ?? ""));
          expect(part.requests <= maxRequests && part.bytes <= maxBytes).toBe(true);
          const places = held[index]?.map((line) => wanted.indexOf(line)) ?? [];
          expect(places).toEqual([...places].sort((one, other) => one - other));
        }
        const { models, endpoints } = profiles[provider].limits;
        if (models.value === "one") expect(parts.every((part) => part.models.length <= 1)).toBe(true);
        if (endpoints.value === "one") expect(parts.every((part) => part.urls.length === 1)).toBe(true);
        expect(parts.length).toBe(countFewest(wanted, provider, { maxRequests, maxBytes }));
      }),
      { numRuns: 150 },
    );
  });
});

interface AnyRequest {
  readonly model: string | undefined;
  readonly endpoint: "chat" | "embeddings";
  readonly size: number;
  readonly inputs: number;
  readonly end: string;
}

/** A line that the service has a url for. */
function toLine({ model, endpoint, size, inputs, end }: AnyRequest, index: number, provider: ProfileName) {
  const wanted = endpoint === "chat" ? "/v1/chat/completions" : "/v1/embeddings";
  const urls = Object.entries(profiles[provider].urls.value);
  const [url] = urls.find(([, meant]) => meant === wanted) ?? urls[0] ?? [wanted];
  const body = { model, input: Array.from({ length: inputs }, () => "x"), user: "x".repeat(size) };
  return { text: JSON.stringify({ custom_id: `request-${index}`, method: "POST", url, body }), end };
}

interface Limits {
  readonly maxRequests: number;
  readonly maxBytes: number;
}

/** How many parts it takes when each is filled before the next is begun. */
function countFewest(
  lines: readonly string[],
  provider: ProfileName,
  { maxRequests, maxBytes }: Limits,
): number {
  const { models, endpoints } = profiles[provider].limits;
  const lanes = new Map<string, { parts: number; requests: number; bytes: number }>();
  for (const line of lines) {
    const { url, body } = JSON.parse(line);
    const key = JSON.stringify([endpoints.value === "one" && url, models.value === "one" && body.model]);
    const lane = lanes.get(key) ?? { parts: 0, requests: Infinity, bytes: Infinity };
    const bytes = Buffer.byteLength(line);
    if (lane.requests + 1 > maxRequests || lane.bytes + bytes > maxBytes) {
      lane.parts += 1;
      lane.requests = 0;
      lane.bytes = 0;
    }
    lane.requests += 1;
    lane.bytes += bytes;
    lanes.set(key, lane);
  }
  return [...lanes.values()].reduce((sum, { parts }) => sum + parts, 0);
}
