import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endpoints } from "../../src/api/index.js";
import { createRehearsal } from "../../src/rehearse/index.js";
import { ask, bodyOf, chat, errorOf, respond } from "./answer.js";

const bodies: Readonly<Record<string, object>> = {
  "/v1/responses": { model: "gpt-5-mini", input: "Which city is it?" },
  "/v1/chat/completions": chat,
  "/v1/embeddings": { model: "text-embedding-3-small", input: ["one", "two"] },
  "/v1/completions": { model: "gpt-3.5-turbo-instruct", prompt: "Once" },
  "/v1/moderations": { input: "some text" },
  "/v1/images/generations": { model: "gpt-image-1", prompt: "a river" },
  "/v1/images/edits": { model: "gpt-image-1", prompt: "a river", images: [{ file_id: "file-1" }] },
  "/v1/videos": { model: "sora-2", prompt: "a river" },
};

describe("every endpoint", () => {
  it.each(endpoints)("%s answers with 200, JSON and an id for the request", (url) => {
    const { status, headers, body, delayMs } = respond(url, bodies[url]);
    expect({ status, delayMs }).toEqual({ status: 200, delayMs: 0 });
    expect(headers).toEqual({
      "content-type": "application/json",
      "x-request-id": expect.stringMatching(/^req_[0-9a-f]{32}$/),
    });
    expect(JSON.parse(body)).toBeTypeOf("object");
  });

  it.each(endpoints)("%s says in model that it is a rehearsal", (url) => {
    expect(bodyOf<{ model: string }>(url, bodies[url]).model).toMatch(/^rehearsal-/);
  });

  it.each(endpoints)("%s answers the same request with the same answer, whoever asks and whenever", (url) => {
    const first = ask(url, bodies[url], { custom_id: "a", attempt: 1 });
    expect(ask(url, bodies[url], { custom_id: "b", attempt: 7 })).toEqual(first);
    expect(ask(url, { ...bodies[url], user: "another" })).not.toEqual(first);
  });

  it("answers with what it answered on every other machine", () => {
    const { body, headers } = respond("/v1/chat/completions", chat);
    const { created, choices } = JSON.parse(body);
    expect({
      created,
      id: headers["x-request-id"],
      said: choices[0].message.content,
    }).toMatchInlineSnapshot(`
      {
        "created": 1772947996,
        "id": "req_a036f0b91a2317a2cc949edc3cc2699a",
        "said": "This is a rehearsal, not an answer. Solar basin water bright.",
      }
    `);
  });

  it.each(endpoints)("%s never throws, whatever the body", (url) => {
    const keys = Object.keys({
      ...bodies[url],
      n: 1,
      tools: [],
      tool_choice: "",
      response_format: {},
      text: {},
    });
    const rehearsal = createRehearsal();
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()),
        fc.boolean(),
        (values, isMerged) => {
          const { status } = respond(url, isMerged ? { ...bodies[url], ...values } : values, { rehearsal });
          expect([200, 400]).toContain(status);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a bad request", () => {
  it.each(["", "{", "[1]", "null", '"text"'])("is answered with 400 where its body is %j", (body) => {
    expect(errorOf("/v1/chat/completions", body)).toEqual({
      status: 400,
      message: "We could not parse the JSON body of your request: it is no JSON object.",
      type: "invalid_request_error",
      param: null,
      code: null,
    });
  });

  it("is answered with 404 where there is no such endpoint", () => {
    expect(errorOf("/v1/other", chat)).toMatchObject({
      status: 404,
      message: "Invalid URL (POST /v1/other)",
    });
  });

  it("is answered with 400 where it is nested so deeply that it cannot be read", () => {
    const schema = `${'{"items":'.repeat(20_000)}{}${"}".repeat(20_000)}`;
    const format = `{"type":"json_schema","json_schema":{"name":"deep","schema":${schema}}}`;
    const body = `{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":${format}}`;
    expect(errorOf("/v1/chat/completions", body)).toMatchObject({
      status: 400,
      type: "invalid_request_error",
    });
  });

  it.each<readonly [string, object, string, string]>([
    ["/v1/chat/completions", { messages: chat.messages }, "model", "missing_required_parameter"],
    ["/v1/chat/completions", { ...chat, model: 4 }, "model", "invalid_type"],
    ["/v1/chat/completions", { model: "m" }, "messages", "missing_required_parameter"],
    ["/v1/chat/completions", { model: "m", messages: "x" }, "messages", "invalid_type"],
    ["/v1/chat/completions", { model: "m", messages: [] }, "messages", "empty_array"],
    ["/v1/chat/completions", { ...chat, stream: true }, "stream", "streaming_unsupported"],
    ["/v1/chat/completions", { ...chat, n: 0 }, "n", "integer_below_min_value"],
    ["/v1/chat/completions", { ...chat, n: 129 }, "n", "integer_above_max_value"],
    ["/v1/chat/completions", { ...chat, n: 1.5 }, "n", "invalid_type"],
    ["/v1/chat/completions", { ...chat, modalities: ["text", "audio"] }, "modalities", "unsupported_value"],
    ["/v1/responses", { input: "x" }, "model", "missing_required_parameter"],
    ["/v1/responses", { model: "m" }, "input", "missing_required_parameter"],
    ["/v1/responses", { model: "m", input: "x", stream: true }, "stream", "streaming_unsupported"],
    [
      "/v1/responses",
      { model: "m", input: "x", max_output_tokens: 15 },
      "max_output_tokens",
      "integer_below_min_value",
    ],
    ["/v1/embeddings", { input: "x" }, "model", "missing_required_parameter"],
    ["/v1/embeddings", { model: "m" }, "input", "missing_required_parameter"],
    ["/v1/embeddings", { model: "m", input: [{}] }, "input", "invalid_type"],
    [
      "/v1/embeddings",
      { model: "m", input: "x", encoding_format: "hex" },
      "encoding_format",
      "invalid_value",
    ],
    ["/v1/completions", { model: "m" }, "prompt", "missing_required_parameter"],
    ["/v1/moderations", {}, "input", "missing_required_parameter"],
    ["/v1/moderations", { input: "x", stream: true }, "stream", "streaming_unsupported"],
    ["/v1/images/generations", {}, "prompt", "missing_required_parameter"],
    ["/v1/images/generations", { prompt: "x", output_format: "bmp" }, "output_format", "invalid_value"],
    ["/v1/images/edits", { prompt: "x" }, "images", "missing_required_parameter"],
    ["/v1/videos", {}, "prompt", "missing_required_parameter"],
    ["/v1/videos", { prompt: "x", size: "1x1" }, "size", "invalid_value"],
  ])("of %s with %j is answered with 400 for %s: %s", (url, body, param, code) => {
    expect(errorOf(url, body)).toMatchObject({ status: 400, type: "invalid_request_error", param, code });
  });
});

describe("options", () => {
  it("delay every answer where that is asked for", () => {
    const rehearsal = createRehearsal({ delayMs: 30 });
    expect(respond("/v1/chat/completions", chat, { rehearsal }).delayMs).toBe(30);
  });

  it.each([{ delayMs: -1 }, { delayMs: "1" }, { faults: "429:0.1" }, { fault: [] }])(
    "are refused: %j",
    (options) => {
      // What plain JavaScript may give.
      expect(() => createRehearsal(options as object)).toThrow(
        expect.objectContaining({ code: "invalid_option" }),
      );
    },
  );
});

describe("real request files", () => {
  const folder = join(process.env.OPENBATCH_REAL_DATA ?? "../shared/data", "requests");
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [];
  if (files.length === 0) it.skip("are not here: set OPENBATCH_REAL_DATA to their folder", () => {});

  it.each(files)("%s is answered without an error", (name) => {
    const lines = readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "");
    const statuses = lines.map((line) => {
      const { url, body } = JSON.parse(line);
      return respond(url, body).status;
    });
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
