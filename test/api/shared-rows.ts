import type { ParameterRow } from "./parameter-table.js";

const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, ""]));

/** Rows of parameters that several endpoints have. */
export const rows = {
  flag: { takes: [true, false, null], refuses: [1, "true", []] },
  text: { takes: ["", "some", null], refuses: [1, {}, []] },
  model: { takes: ["gpt-6-sol", "my-org/my-model", "m"], refuses: ["", " ", 1, {}] },
  temperature: { takes: [0, 0.7, 2, null], refuses: [-0.1, 2.1, "0.7"] },
  topP: { takes: [0, 0.5, 1, null], refuses: [-0.1, 1.1, "1"] },
  penalty: { takes: [-2, 0, 2, null], refuses: [-2.1, 2.1, "0"] },
  n: { takes: [1, 128, null], refuses: [0, 129, 1.5, "1"] },
  topLogprobs: { takes: [0, 20, null], refuses: [-1, 21, 1.5, "5"] },
  tokens: { takes: [0, 1, 100_000, null], refuses: [-1, 1.5, "100"] },
  seed: { takes: [0, -(2 ** 63), 2 ** 63, null], refuses: [1.5, 2 ** 64, -(2 ** 64), "1"] },
  stop: {
    takes: ["", "END", ["a"], ["a", "b", "c", "d"], null],
    refuses: [[], ["a", "b", "c", "d", "e"], [1], 1],
  },
  logitBias: {
    takes: [{}, { 50256: -100, 1: 100 }, null],
    refuses: [{ 1: -101 }, { 1: 101 }, { 1: "1" }, [], { hello: 1 }, { "-1": 1 }, { "1.5": 1 }, { "": 1 }],
  },
  metadata: {
    takes: [
      {},
      pairs(16),
      { ["k".repeat(64)]: "v".repeat(512) },
      { a: "😀".repeat(512) },
      { ["😀".repeat(64)]: "v" },
      { a: undefined },
      null,
    ],
    refuses: [
      pairs(17),
      { ["k".repeat(65)]: "" },
      { ["😀".repeat(65)]: "" },
      { a: "😀".repeat(513) },
      { a: "v".repeat(513) },
      { a: 1 },
      { a: null },
      { a: ["b"] },
      [],
    ],
  },
  stream: { takes: [false, null], refuses: [true, "true"] },
  streamOptions: {
    takes: [null],
    warnsOf: [{}, { include_usage: true, include_obfuscation: false }],
    refuses: [true, { include_usage: 1 }],
  },
  safetyIdentifier: { takes: ["", "s".repeat(128), null], refuses: ["s".repeat(129), 1] },
  serviceTier: {
    takes: ["auto", "default", "scale", null],
    warnsOf: ["flex", "priority", "fast", "ultrafast", "new"],
    refuses: [1],
  },
  promptCacheOptions: {
    takes: [{}, { mode: "explicit", ttl: "12h", comparison_response_id: "resp_1" }, null],
    warnsOf: [{ mode: "new" }, { ttl: "7d" }],
    refuses: ["explicit", { mode: 1 }, { unheard: 1 }],
  },
  promptCacheRetention: { takes: ["in_memory", "24h", null], warnsOf: ["7d"], refuses: [24] },
  moderation: {
    takes: [
      { model: "omni-moderation-latest", policy: { input: { mode: "score" }, output: { mode: "block" } } },
      null,
    ],
    warnsOf: [{ model: "m", policy: { input: { mode: "shout" } } }],
    refuses: [{}, { model: "" }, { model: "m", policy: "block" }, "auto"],
  },
  verbosity: { takes: ["low", "medium", "high", null], warnsOf: ["extreme"], refuses: [1] },
  effort: {
    takes: ["none", "minimal", "low", "medium", "high", "xhigh", "max", null],
    warnsOf: ["ultra"],
    refuses: [3],
  },
  imagePrompt: { takes: ["a", "p".repeat(32_000)], refuses: ["", "p".repeat(32_001), 1, null] },
  imageReference: {
    takes: [{ image_url: "https://example.com/a.png" }, { file_id: "file-1" }],
    refuses: [
      "https://example.com/a.png",
      {},
      { image_url: "a", file_id: "b" },
      { image_url: 1 },
      new Blob(["a"]),
    ],
  },
} as const satisfies Record<string, ParameterRow>;
