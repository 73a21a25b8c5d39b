import { describe, expect, it } from "vitest";
import { validateRequest } from "../../src/api/index.js";

const user = { role: "user", content: "Hello" };
const chat = { model: "qwen3", messages: [user] };
const part = (content: object) => ({ ...chat, messages: [{ role: "user", content: [content] }] });
const loose = { type: "object", properties: { a: { type: "string", format: "uri" } } };

const severitiesOf = (url: string, body: object, target: "upload" | "openbatch") =>
  validateRequest({ custom_id: "a", method: "POST", url, body }, { target }).map(({ severity }) => severity);

describe("what servers of one's own take, and OpenAI does not", () => {
  it.each<[string, string, object]>([
    ["a score", "/v1/score", { model: "m", text_1: "a", text_2: ["b"] }],
    ["a ranking", "/rerank", { model: "m", query: "a", documents: ["b"] }],
    [
      "a transcription",
      "/v1/audio/transcriptions",
      { model: "whisper", file_url: "https://example.com/a.mp3" },
    ],
    ["messages to be embedded", "/v1/embeddings", { model: "m", messages: [user] }],
    ["a temperature of 2.5", "/v1/chat/completions", { ...chat, temperature: 2.5 }],
    ["200 choices", "/v1/chat/completions", { ...chat, n: 200 }],
    ["a top_logprobs of -1", "/v1/chat/completions", { ...chat, logprobs: true, top_logprobs: -1 }],
    ["many logprobs", "/v1/completions", { model: "m", prompt: "a", logprobs: 20 }],
    ["one token of output", "/v1/responses", { model: "m", input: "a", max_output_tokens: 1 }],
    [
      "the address of a sound",
      "/v1/chat/completions",
      part({ type: "audio_url", audio_url: { url: "https://example.com/a.wav" } }),
    ],
    [
      "the address of a video",
      "/v1/chat/completions",
      part({ type: "video_url", video_url: { url: "https://example.com/a.mp4" } }),
    ],
    [
      "vLLM's structural_tag",
      "/v1/chat/completions",
      { ...chat, response_format: { type: "structural_tag", format: { type: "any_text" } } },
    ],
    [
      "a strict schema beyond OpenAI's subset",
      "/v1/chat/completions",
      {
        ...chat,
        response_format: { type: "json_schema", json_schema: { name: "a", strict: true, schema: loose } },
      },
    ],
    [
      "JSON that nobody asks for",
      "/v1/chat/completions",
      { ...chat, response_format: { type: "json_object" } },
    ],
  ])("is noted alone with target openbatch, and said with target upload: %s", (_, url, body) => {
    expect(new Set(severitiesOf(url, body, "openbatch"))).toEqual(new Set(["note"]));
    expect(severitiesOf(url, body, "upload").some((severity) => severity !== "note")).toBe(true);
  });

  it.each<[string, string, object]>([
    ["a temperature that is a text", "/v1/chat/completions", { ...chat, temperature: "2.5" }],
    ["no messages", "/v1/chat/completions", { model: "qwen3" }],
    ["a role that nobody knows", "/v1/chat/completions", { ...chat, messages: [{ ...user, role: "usr" }] }],
    ["a number of choices that is none", "/v1/chat/completions", { ...chat, n: 1.5 }],
  ])("stays an error where the shape is wrong: %s", (_, url, body) => {
    expect(severitiesOf(url, body, "openbatch")).toContain("error");
  });
});
