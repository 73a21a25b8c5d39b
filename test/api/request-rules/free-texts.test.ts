import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { freeUnitsAt, hasFreeTexts, isFreeText, validateRequest } from "../../../src/api/index.js";
import { requestLine } from "../../lines.js";

type Path = readonly (string | number)[];

const image = { type: "image_url", image_url: { url: "https://example.com/a.png" } };
const call = { id: "call_1", type: "function", function: { name: "find", arguments: "{}" } };
const tool = { type: "function", function: { name: "find", parameters: { type: "object", properties: {} } } };
const bases: readonly string[] = [
  requestLine("chat", {
    messages: [
      { role: "system", content: "Be kind." },
      { role: "developer", content: [{ type: "text", text: "Be brief." }] },
      { role: "user", name: "ann", content: [{ type: "text", text: "What is it?" }, image] },
      { role: "assistant", content: "Let me see.", tool_calls: [call] },
      { role: "tool", tool_call_id: "call_1", content: "42" },
      { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
    ],
    tools: [tool],
    response_format: {
      type: "json_schema",
      json_schema: { name: "Answer", schema: { type: "object", properties: { a: { type: "string" } } } },
    },
    prediction: { type: "content", content: "It is" },
  }),
  requestLine("reasoning", { model: "gpt-5", messages: [{ role: "user", content: "Hi" }] }),
  requestLine(
    "responses",
    {
      instructions: "Be kind.",
      input: [
        { role: "user", content: "Hi" },
        { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] },
        { role: "assistant", content: [{ type: "output_text", text: "Yes?" }] },
        { type: "function_call", call_id: "c", name: "find", arguments: "{}" },
        { type: "function_call_output", call_id: "c", output: "42" },
      ],
      text: { format: { type: "text" } },
    },
    "/v1/responses",
  ),
  requestLine("responses of one text", { input: "Hi", instructions: "Be kind." }, "/v1/responses"),
  requestLine("embedding", { model: "text-embedding-3-small", input: "Hi" }, "/v1/embeddings"),
  requestLine("embeddings", { model: "text-embedding-3-small", input: ["Hi", "you"] }, "/v1/embeddings"),
  requestLine("moderation", { model: "omni-moderation-latest", input: "Hi" }, "/v1/moderations"),
  requestLine("moderations", { model: "omni-moderation-latest", input: ["Hi", "you"] }, "/v1/moderations"),
  requestLine("named chat", {
    messages: [{ role: "user", content: "Hi" }],
    ...{ store: true, metadata: { row: "1", table: "a" } },
    ...{ user: "ann", safety_identifier: "ann", prompt_cache_key: "greetings" },
  }),
  requestLine(
    "named responses",
    {
      input: "Hi",
      metadata: { row: "1" },
      user: "ann",
      safety_identifier: "ann",
      prompt_cache_key: "greetings",
    },
    "/v1/responses",
  ),
  requestLine(
    "named embedding",
    { model: "text-embedding-3-small", input: "Hi", user: "ann" },
    "/v1/embeddings",
  ),
  requestLine("another server's", { input: "Hi", messages: [{ content: "Hi" }] }, "/v1/rerank"),
];

/** What the rules over other places look for, and what else a text may be taken for. */
const tellingTexts = [
  ...[
    "json",
    " ",
    "\n",
    "\u0000",
    "null",
    "[]",
    "{}",
    "0",
    "data:",
    "data:image/png;base64,",
    "data:text/plain,x",
  ],
  ...[
    "https://example.com/a.png",
    "file-1",
    "gpt-4o-mini",
    "call_1",
    "find",
    "user",
    "<|endoftext|>",
    "😀",
    "\u202e",
  ],
  ...["a b<|>", "x".repeat(600), "é".repeat(70_000), "y".repeat(1_100_000)],
];

function* listStrings(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value === "string") yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value))
    yield* listStrings(member, [...path, Array.isArray(value) ? Number(key) : key]);
}

function toPattern(path: Path): (string | null)[] {
  return path.map((step) => (typeof step === "number" ? null : step));
}

function listFreePlaces(line: unknown): Path[] {
  return [...listStrings(line)].filter((path) => isFreeText(toPattern(path)));
}

/** The line with another text at a place. */
function withText(base: string, path: Path, text: string): unknown {
  const line: unknown = JSON.parse(base);
  const holder = path.slice(0, -1).reduce((value, step) => Reflect.get(Object(value), step), line);
  Reflect.set(Object(holder), path.at(-1) ?? "", text);
  return line;
}

const targets = [
  {},
  { target: "openbatch" },
  { service: { title: "Elsewhere", urls: {}, isUrlKnown: false } },
  { allowUnknownParameters: true },
] as const;

function problemsOf(line: unknown): unknown {
  return targets.map((options) => validateRequest(line, options));
}

describe("a free text", () => {
  test("stands at each of the places that are told", () => {
    const places = bases.flatMap((base) =>
      listFreePlaces(JSON.parse(base)).map((path) => toPattern(path).join()),
    );
    expect([...new Set(places)].sort()).toEqual(
      [
        "body,input",
        "body,input,",
        "body,input,,content",
        "body,input,,content,,text",
        "body,instructions",
        "body,messages,,content",
        "body,messages,,content,,text",
        "body,prompt_cache_key",
        "body,user",
      ].sort(),
    );
  });

  test.each(bases)("makes no difference to the rules: %s", (base) => {
    const before = problemsOf(JSON.parse(base));
    for (const path of listFreePlaces(JSON.parse(base)))
      for (const text of tellingTexts) expect(problemsOf(withText(base, path, text))).toEqual(before);
  });

  test("makes none whatever it says", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...bases),
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.nat(),
        (base, text, nth) => {
          const places = listFreePlaces(JSON.parse(base));
          const path = places[nth % places.length] ?? [];
          expect(problemsOf(withText(base, path, text))).toEqual(problemsOf(JSON.parse(base)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("stands where only short ones are free too, and makes no difference as long as it is as short as told", () => {
    const units = new Map<string, number>();
    for (const base of bases) {
      const before = problemsOf(JSON.parse(base));
      for (const path of listStrings(JSON.parse(base))) {
        const most = freeUnitsAt(toPattern(path));
        if (most === 0 || most === Infinity) continue;
        units.set(toPattern(path).join(), most);
        for (const text of [...tellingTexts, "x".repeat(most), "é".repeat(most), "😀".repeat(most / 2)])
          if (text.length <= most) expect(problemsOf(withText(base, path, text))).toEqual(before);
        expect(problemsOf(withText(base, path, "x".repeat(most + 1)))).not.toEqual(before);
      }
    }
    expect(Object.fromEntries(units)).toEqual({
      ...{ "body,metadata,row": 512, "body,metadata,table": 512 },
      "body,safety_identifier": 128,
    });
    expect(freeUnitsAt(["body", "metadata", null])).toBe(0);
    expect(freeUnitsAt(["body", "input"])).toBe(Infinity);
  });

  test("is no metadata, no id, no address and no model", () => {
    const base = bases[0] ?? "";
    const places = listFreePlaces(JSON.parse(base)).map((path) => path.join("."));
    expect(places).toEqual([
      "body.messages.0.content",
      "body.messages.1.content.0.text",
      "body.messages.2.content.0.text",
      "body.messages.3.content",
      "body.messages.4.content",
    ]);
  });

  test("is in no request that has to say json", () => {
    expect(hasFreeTexts({})).toBe(true);
    expect(
      hasFreeTexts({ response_format: { type: "json_schema" }, text: { format: { type: "text" } } }),
    ).toBe(true);
    expect(hasFreeTexts({ response_format: { type: "json_object" } })).toBe(false);
    expect(hasFreeTexts({ text: { format: { type: "json_object" } } })).toBe(false);
  });
});
