import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TestBatchServer } from "../../../src/testing.js";
import { chatLine, chatLines } from "../../lines.js";
import { createBatch, download, runBatch, waitForEnd } from "../batches.js";
import { startBatchServer } from "../start-batch-server.js";

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Bytes that are no text are one character each. */
  readonly body: string;
}

/** An OpenAI-compatible server, as far as is needed here. */
class TinyServer {
  received: Received[] = [];
  /** What it answers in the place of a chat. */
  answer: { readonly status: number; readonly body: string } | undefined;
  readonly #server: Server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("latin1").on("data", (text: string) => {
      body += text;
    });
    incoming.on("end", () => {
      const { method, url, headers } = incoming;
      this.received.push({ method, url, headers, body });
      const { status, body: text } = this.answer ?? { status: 200, body: answerFor(url, body) };
      outgoing
        .writeHead(status, { "content-type": "application/json", "x-request-id": "req_upstream" })
        .end(text);
    });
  });

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function answerFor(url: string | undefined, body: string): string {
  if (url === "/v1/models")
    return JSON.stringify({ object: "list", data: [{ id: "llama" }, { id: "qwen" }] });
  if (url !== "/v1/chat/completions")
    return JSON.stringify({ created: 1, data: [{ b64_json: "QQ==" }], text: "Hm." });
  const { model } = JSON.parse(body);
  const message = { role: "assistant", content: "Hello.", refusal: null };
  return JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    model,
    choices: [{ index: 0, message }],
  });
}

describe("with an upstream", () => {
  const upstream = new TinyServer();
  let server: TestBatchServer;
  let openai: OpenAI;

  beforeAll(async () => {
    const baseURL = await upstream.listen();
    server = await startBatchServer({ upstream: { baseURL, apiKey: "key of the upstream" } });
    openai = new OpenAI({ baseURL: server.baseURL, apiKey: "key of the caller", maxRetries: 0 });
  });
  afterAll(async () => {
    await server.close();
    await upstream.close();
  });
  beforeEach(() => {
    upstream.answer = undefined;
    upstream.received = [];
  });

  const chat = (model = "llama") =>
    openai.chat.completions.create({ model, messages: [{ role: "user", content: "Hello?" }] });

  test("a request to an endpoint is answered by it, with its request id", async () => {
    const { data, request_id } = await chat().withResponse();
    expect(data.choices[0]?.message.content).toBe("Hello.");
    expect(request_id).toBe("req_upstream");
    expect(upstream.received).toMatchObject([{ method: "POST", url: "/v1/chat/completions" }]);
  });

  test("a batch is answered by it", async () => {
    const batch = await runBatch(openai, chatLines(5));
    expect(await download(openai, batch.output_file_id)).toHaveLength(5);
    expect(upstream.received).toHaveLength(5);
  });

  test("the caller's key is never sent to it, but its own", async () => {
    await chat();
    await runBatch(openai, chatLines(2));
    await openai.models.list();
    expect(upstream.received).toHaveLength(4);
    for (const { headers, body } of upstream.received) {
      expect(headers.authorization).toBe("Bearer key of the upstream");
      expect(JSON.stringify(headers) + body).not.toContain("caller");
    }
  });

  test("its models are the models", async () => {
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["llama", "qwen"]);
    expect(await openai.models.retrieve("qwen")).toMatchObject({ id: "qwen", object: "model" });
    await expect(openai.models.retrieve("gpt-9")).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    });
  });

  test("its refusal of one request is passed on", async () => {
    const error = { message: "No.", type: "invalid_request_error", param: "messages", code: "invalid_value" };
    upstream.answer = { status: 400, body: JSON.stringify({ error }) };
    await expect(chat()).rejects.toMatchObject({ status: 400, param: "messages", code: "invalid_value" });
  });

  test("its refusal inside a 200 is passed on as it came, and fails a request of a batch", async () => {
    const body = {
      error: { message: "Too long.", type: "invalid_request_error", code: "context_length_exceeded" },
    };
    upstream.answer = { status: 200, body: JSON.stringify(body) };
    expect(await chat()).toEqual(body);
    const batch = await runBatch(openai, chatLines(1));
    expect(batch).toMatchObject({ status: "completed", request_counts: { completed: 0, failed: 1 } });
    expect(await download(openai, batch.error_file_id)).toMatchObject([
      { response: { status_code: 200, body }, error: null },
    ]);
  });

  test("a model that it does not have is not found", async () => {
    const error = {
      message: "The model `gpt-9` does not exist",
      type: "invalid_request_error",
      code: "model_not_found",
    };
    upstream.answer = { status: 404, body: JSON.stringify({ error }) };
    await expect(chat("gpt-9")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
    expect(await runBatch(openai, chatLines(3))).toMatchObject({
      status: "failed",
      in_progress_at: null,
      request_counts: { total: 0, completed: 0, failed: 0 },
      output_file_id: null,
      error_file_id: null,
      errors: {
        data: [
          {
            code: "model_not_found",
            message: "The provided model 'gpt-4o-mini' is not supported by the Batch API.",
            line: null,
            param: "body.model",
          },
        ],
      },
    });
  });

  test("files for images and transcripts reach it as they were sent, under its own key", async () => {
    const bytes = Buffer.from([0x89, 0x50, 0x0d, 0x0a, 0xff, 0x00]);
    const image = () => toFile(bytes, "räum.png", { type: "image/png" });
    const images = [await image(), await image()];
    const edited = await openai.images.edit({ model: "llama", prompt: "Mehr Grün", image: images, n: 2 });
    expect(edited.data).toHaveLength(1);
    await openai.images.createVariation({ image: await image() });
    const file = await toFile(bytes, "a.mp3");
    expect((await openai.audio.transcriptions.create({ model: "llama", file })).text).toBe("Hm.");
    expect((await openai.audio.translations.create({ model: "llama", file })).text).toBe("Hm.");
    const [edit, ...others] = upstream.received;
    expect(edit?.url).toBe("/v1/images/edits");
    expect(others.map(({ url }) => url)).toEqual([
      "/v1/images/variations",
      "/v1/audio/transcriptions",
      "/v1/audio/translations",
    ]);
    const boundary = /boundary=(.+)$/.exec(edit?.headers["content-type"] ?? "")?.[1];
    expect(edit?.body.split(`--${boundary}`)).toHaveLength(2 + 5);
    expect(edit?.body.split(bytes.toString("latin1"))).toHaveLength(1 + 2);
    expect(Buffer.from(edit?.body ?? "", "latin1").toString()).toContain("Mehr Grün");
    for (const { headers, body } of upstream.received) {
      expect(headers.authorization).toBe("Bearer key of the upstream");
      expect(body).toContain(bytes.toString("latin1"));
      expect(JSON.stringify(headers) + body).not.toContain("caller");
    }
  });

  test("a transcript that would be no JSON, and a form that streams, are refused before it is asked", async () => {
    const file = await toFile(Buffer.from("a"), "a.mp3");
    const parameters = { model: "llama", file };
    await expect(
      openai.audio.transcriptions.create({ ...parameters, response_format: "srt" }),
    ).rejects.toMatchObject({ status: 400, param: "response_format" });
    await expect(openai.audio.transcriptions.create({ ...parameters, stream: true })).rejects.toMatchObject({
      status: 400,
      param: "stream",
    });
    expect(upstream.received).toEqual([]);
  });

  test("a stream is refused before it is asked", async () => {
    const stream = openai.chat.completions.create({ model: "llama", messages: [], stream: true });
    await expect(stream).rejects.toMatchObject({ status: 400, param: "stream" });
    expect(upstream.received).toEqual([]);
  });
});

test("all batches and requests together keep to one concurrency", async () => {
  let [running, most] = [0, 0];
  const upstream = createServer((_, outgoing) => {
    running += 1;
    most = Math.max(most, running);
    setTimeout(() => {
      running -= 1;
      outgoing.end('{"object":"chat.completion"}');
    }, 5);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const baseURL = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  const server = await startBatchServer({ upstream: { baseURL }, concurrency: 3 });
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
  const chats = Array.from({ length: 10 }, () =>
    openai.chat.completions.create({ model: "m", messages: [] }),
  );
  const batches = [30, 20, 10].map((count) => runBatch(openai, chatLines(count)));
  expect(await Promise.all(batches)).toMatchObject(Array(3).fill({ status: "completed" }));
  expect(await Promise.all(chats)).toHaveLength(10);
  expect(most).toBe(3);
  await server.close();
  upstream.close();
});

describe("an upstream that is down", () => {
  test("keeps batches in progress, and they go on once it is up", async () => {
    const upstream = new TinyServer();
    const baseURL = await upstream.listen();
    await upstream.close();
    const waiting: string[] = [];
    await using server = await startBatchServer({
      upstream: { baseURL },
      onEvent: (event) => event.kind === "waiting" && waiting.push(event.message),
    });
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
    const { id } = await createBatch(openai, chatLines(3));
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    expect(waiting[0]).toContain("ECONNREFUSED");
    expect((await openai.batches.retrieve(id)).status).toBe("in_progress");
    const again = new TinyServer();
    await again.listen(Number(new URL(baseURL).port));
    expect(await waitForEnd(openai, id)).toMatchObject({
      status: "completed",
      request_counts: { completed: 3 },
    });
    await again.close();
  });

  test("fails a request to an endpoint with 503", async () => {
    const upstream = new TinyServer();
    const baseURL = await upstream.listen();
    await upstream.close();
    await using server = await startBatchServer({ upstream: { baseURL } });
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
    const chat = openai.chat.completions.create({ model: "llama", messages: [] });
    await expect(chat).rejects.toMatchObject({ status: 503, code: "server_unreachable" });
    await expect(openai.models.list()).rejects.toMatchObject({ status: 502 });
  });
});

test("an upstream that refuses the key keeps batches in progress until their time is over", async () => {
  const upstream = new TinyServer();
  upstream.answer = { status: 401, body: JSON.stringify({ error: { message: "Bad key." } }) };
  const baseURL = await upstream.listen();
  const waiting: string[] = [];
  await using server = await startBatchServer({
    upstream: { baseURL, apiKey: "wrong" },
    clock: { speed: 0 },
    onEvent: (event) => event.kind === "waiting" && waiting.push(event.message),
  });
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
  const { id } = await createBatch(openai, chatLines(3));
  await expect.poll(() => waiting.length).toBeGreaterThan(0);
  expect(waiting.join()).not.toContain("wrong");
  expect((await openai.batches.retrieve(id)).status).toBe("in_progress");
  await server.clock.advance(86_400_000);
  const batch = await openai.batches.retrieve(id);
  expect(batch).toMatchObject({ status: "expired", output_file_id: null });
  expect(await download(openai, batch.error_file_id)).toHaveLength(3);
  await upstream.close();
});

test("the model of the server takes the place of what is asked for", async () => {
  const upstream = new TinyServer();
  const baseURL = await upstream.listen();
  await using server = await startBatchServer({ upstream: { baseURL }, model: "llama" });
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
  const batch = await runBatch(openai, chatLines(2));
  expect(batch.model).toBe("llama");
  await openai.chat.completions.create({ model: "gpt-4o-mini", messages: [] });
  expect(upstream.received.map(({ body }) => JSON.parse(body).model)).toEqual(["llama", "llama", "llama"]);
  await fetch(`${server.baseURL}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"seed": 12345678901234567890, "model": "gpt-4o-mini", "messages": []}',
  });
  expect(upstream.received[3]?.body).toBe('{"seed": 12345678901234567890, "model":"llama", "messages": []}');
  const image = await toFile(Buffer.from([0xff, 0xfe]), "a.png", { type: "image/png" });
  await openai.images.edit({ model: "gpt-image-2", prompt: "More green", image });
  await openai.images.edit({ prompt: "More green", image });
  for (const { headers, body } of upstream.received.slice(4)) {
    const type = headers["content-type"] ?? "";
    const form = await new Response(Buffer.from(body, "latin1"), {
      headers: { "content-type": type },
    }).formData();
    expect(form.getAll("model")).toEqual(["llama"]);
    expect(form.get("prompt")).toBe("More green");
    expect(form.get("image")).toMatchObject({ name: "a.png", type: "image/png", size: 2 });
  }
  await upstream.close();
});

describe("in rehearsal", () => {
  let server: TestBatchServer;
  let openai: OpenAI;
  beforeAll(async () => {
    server = await startBatchServer();
    openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
  });
  afterAll(() => server.close());

  test("the endpoints answer", async () => {
    const model = "gpt-4o-mini";
    const chat = await openai.chat.completions.create({ model, messages: [{ role: "user", content: "a" }] });
    expect(chat.model).toBe("rehearsal-gpt-4o-mini");
    expect((await openai.responses.create({ model, input: "a" })).output_text).not.toBe("");
    const { data } = await openai.embeddings.create({ model: "text-embedding-3-small", input: ["a", "b"] });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536]);
    expect((await openai.moderations.create({ input: "a" })).results).toHaveLength(1);
    expect((await openai.completions.create({ model, prompt: "a" })).choices).toHaveLength(1);
    expect((await openai.images.generate({ model: "gpt-image-2", prompt: "a" })).data).toHaveLength(1);
  });

  test("images are edited as in a batch, whatever the boundary of the form", async () => {
    const edit = async (content: string, n: number, more: object = {}) =>
      openai.images.edit({
        model: "gpt-image-2",
        prompt: "More green",
        image: await toFile(Buffer.from(content), "a.png", { type: "image/png" }),
        n,
        ...more,
      });
    const first = await edit("one", 2);
    expect(first.data).toHaveLength(2);
    expect(first).toMatchObject({ model: "rehearsal-gpt-image-2" });
    expect(first.usage?.input_tokens_details.image_tokens).toBeGreaterThan(0);
    expect((await edit("one", 2)).created).toBe(first.created);
    expect((await edit("two", 2)).created).not.toBe(first.created);
    await expect(edit("one", 11)).rejects.toMatchObject({ status: 400, param: "n" });
    await expect(edit("one", 2, { stream: true })).rejects.toMatchObject({ status: 400, param: "stream" });
    const video = await openai.videos.create({ model: "sora-2", prompt: "A tree", seconds: "8" });
    expect(video).toMatchObject({ object: "video", seconds: "8" });
  });

  test("what a rehearsal cannot answer is not there", async () => {
    const file = await toFile(Buffer.from("a"), "a.mp3");
    await expect(openai.audio.transcriptions.create({ model: "whisper-1", file })).rejects.toMatchObject({
      status: 404,
      code: "unknown_url",
    });
    await expect(openai.images.createVariation({ image: file })).rejects.toMatchObject({
      status: 404,
      code: "unknown_url",
    });
  });

  test.each([
    ["is cut", '--b\r\ncontent-disposition: form-data; name="prompt"\r\n\r\na'],
    ["is none", "nothing"],
    [
      "has too many parts",
      `${'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\na\r\n'.repeat(200)}--b--\r\n`,
    ],
  ])("a form that %s is refused", async (_, body) => {
    const response = await fetch(`${server.baseURL}/images/edits`, {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("form") } });
  });

  test("a form that is larger than a body may be is refused", async () => {
    const response = await fetch(`${server.baseURL}/images/edits`, {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body: new Uint8Array(67_108_865),
    });
    expect(response.status).toBe(413);
  });

  test("any model is there", async () => {
    expect(await openai.models.retrieve("gpt-9")).toMatchObject({ id: "gpt-9" });
    expect((await openai.models.list()).data).toEqual([]);
  });

  test("a pattern that takes ages fails its own request, and the server goes on", async () => {
    const schema = { type: "string", pattern: "^(?=(a+)+b)(a|aa)+$", minLength: 40 };
    const body = {
      model: "m",
      messages: [{ role: "user" as const, content: "a" }],
      response_format: { type: "json_schema" as const, json_schema: { name: "x", schema } },
    };
    await expect(openai.chat.completions.create(body)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("'#/pattern'"),
    });
    const batch = await runBatch(openai, [chatLine("slow", body)]);
    expect(batch).toMatchObject({ status: "completed", request_counts: { failed: 1 } });
    expect(await download(openai, batch.error_file_id)).toMatchObject([{ response: { status_code: 400 } }]);
  });

  test.each(["{", "[]", ""])("a body that is no JSON object is refused: %j", async (body) => {
    const response = await fetch(`${server.baseURL}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(400);
  });
});

test("the models that are named are those there are", async () => {
  await using server = await startBatchServer({ models: ["a", "org/b"] });
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
  expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["a", "org/b"]);
  expect((await openai.models.retrieve("org/b")).id).toBe("org/b");
  await expect(openai.models.retrieve("c")).rejects.toMatchObject({ status: 404 });
});
