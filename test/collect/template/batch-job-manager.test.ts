import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { BatchJobManager } from "../../../src/collect/template/batch-job-manager.js";
import { ChatCompletionsRequest } from "../../../src/collect/template/chat-completions-request.js";
import { EmbeddingInputInstance } from "../../../src/collect/template/embedding-input-instance.js";
import { EmbeddingsRequest } from "../../../src/collect/template/embeddings-request.js";
import type {
  BatchJobManagerOptions,
  ManagerWarning,
} from "../../../src/collect/template/manager-options.js";
import { MessagesInputInstance } from "../../../src/collect/template/messages-input-instance.js";
import { PromptTemplate } from "../../../src/collect/template/prompt-template.js";
import { PromptTemplateInputInstance } from "../../../src/collect/template/prompt-template-input-instance.js";
import { ResponsesRequest } from "../../../src/collect/template/responses-request.js";
import { ReusablePrompt } from "../../../src/collect/template/reusable-prompt.js";
import { OpenbatchError, RequestError } from "../../../src/errors/index.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
let files = 0;

function newPath(): string {
  files += 1;
  return join(folder, `manager-${files}.jsonl`);
}

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");
const linesOf = (path: string) => textOf(path).split("\n").filter(Boolean);
const bodiesOf = (path: string) => linesOf(path).map((line) => JSON.parse(line).body);

/** A manager whose warnings are gathered. */
function listen(options: BatchJobManagerOptions = {}) {
  const warnings: ManagerWarning[] = [];
  return {
    manager: new BatchJobManager({ ...options, onWarning: (found) => warnings.push(found) }),
    warnings,
  };
}

const copywriter = new PromptTemplate([
  { role: "system", content: "You are a marketing copywriter. Use {{braces}} wisely." },
  { role: "user", content: "Product: {product_name}, Features: {features}" },
]);
const chat = () => new ChatCompletionsRequest({ model: "gpt-4o-mini" });
const responses = () => new ResponsesRequest({ model: "gpt-4o-mini" });
const question = new PromptTemplate([{ role: "user", content: "What is {x}?" }]);

function questions(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    custom_id: `q-${index + 1}`,
    promptValueMapping: { x: index + 1 },
  }));
}

const goldenLines = {
  templated: String.raw`{"custom_id":"prod_001","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o-mini","temperature":0.8,"max_output_tokens":100,"input":[{"role":"system","content":"You are a marketing copywriter. Use {braces} wisely."},{"role":"user","content":"Product: AeroGlide Drone, Features: 4K camera, 30-min flight"}]}}
{"custom_id":"prod_002","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o-mini","temperature":0.1,"max_output_tokens":100,"input":[{"role":"system","content":"You are a marketing copywriter. Use {braces} wisely."},{"role":"user","content":"Product: HydroPure Bottle, Features: Self-cleaning {UV}, na\u00efve \u65e5\u672c\u8a9e \ud83d\ude00"}]}}
`,
  reusable: `{"custom_id":"rp_1","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o-mini","prompt":{"id":"pmpt_1","version":"2","variables":{"a":"y","b":"z"}}}}
`,
  embeddings: `{"custom_id":"doc_1","method":"POST","url":"/v1/embeddings","body":{"model":"text-embedding-3-small","dimensions":512,"input":"The sky is blue."}}
{"custom_id":"doc_2","method":"POST","url":"/v1/embeddings","body":{"model":"text-embedding-3-small","dimensions":8,"input":["a","b"]}}
`,
};

describe("the golden lines", () => {
  test("of a template", async () => {
    const saveFilePath = newPath();
    const counts = await new BatchJobManager({ ensureAscii: true }).addTemplatedInstances({
      prompt: copywriter,
      commonRequest: new ResponsesRequest({ model: "gpt-4o-mini", temperature: 0.8, max_output_tokens: 100 }),
      inputInstances: [
        new PromptTemplateInputInstance({
          custom_id: "prod_001",
          promptValueMapping: { product_name: "AeroGlide Drone", features: "4K camera, 30-min flight" },
        }),
        {
          custom_id: "prod_002",
          promptValueMapping: {
            product_name: "HydroPure Bottle",
            features: "Self-cleaning {UV}, naïve 日本語 😀",
          },
          instanceRequestOptions: { temperature: 0.1 },
        },
      ],
      saveFilePath,
    });
    expect(textOf(saveFilePath)).toBe(goldenLines.templated);
    expect(counts).toMatchObject({ rows: 2, written: 2, skipped: 0, failed: 0 });
  });

  test("of a reusable prompt, whose variables are merged and the instance's win", async () => {
    const saveFilePath = newPath();
    await new BatchJobManager().addTemplatedInstances({
      prompt: new ReusablePrompt({ id: "pmpt_1", version: "2", variables: { a: "x" } }),
      commonRequest: responses(),
      inputInstances: [{ custom_id: "rp_1", promptValueMapping: { a: "y", b: "z" } }],
      saveFilePath,
    });
    expect(textOf(saveFilePath)).toBe(goldenLines.reusable);
  });

  test("of embeddings", async () => {
    const saveFilePath = newPath();
    await new BatchJobManager().addEmbeddingRequests({
      commonRequest: new EmbeddingsRequest({ model: "text-embedding-3-small", dimensions: 512 }),
      inputInstances: [
        new EmbeddingInputInstance({ custom_id: "doc_1", input: "The sky is blue." }),
        { custom_id: "doc_2", input: ["a", "b"], instanceRequestOptions: { dimensions: 8 } },
      ],
      saveFilePath,
    });
    expect(textOf(saveFilePath)).toBe(goldenLines.embeddings);
  });
});

describe("add", () => {
  test("writes one request, which is in the file on return, and gives a reference", () => {
    const saveFilePath = newPath();
    using manager = new BatchJobManager();
    const request = responses().setInputMessages([{ role: "user", content: "Hello" }]);
    expect(manager.add({ custom_id: "a", request, saveFilePath })).toEqual({
      custom_id: "a",
      url: "/v1/responses",
    });
    expect(linesOf(saveFilePath)).toEqual([
      '{"custom_id":"a","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o-mini","input":[{"role":"user","content":"Hello"}]}}',
    ]);
    manager.add({ custom_id: "b", request, saveFilePath: pathToFileURL(saveFilePath) });
    expect(linesOf(saveFilePath)).toHaveLength(2);
  });

  test("takes any url and body", () => {
    const saveFilePath = newPath();
    const request = { url: "/v1/moderations", body: { input: "text" } } as const;
    new BatchJobManager().add({ custom_id: "a", request, saveFilePath });
    expect(bodiesOf(saveFilePath)).toEqual([{ input: "text" }]);
  });

  test.each([
    ["responses without input and prompt", responses()],
    ["chat without messages", chat()],
    ["embeddings without input", new EmbeddingsRequest({ model: "text-embedding-3-small" })],
    ["a misspelt parameter", new ResponsesRequest({ model: "m", input: "x", temprature: 1 } as never)],
    ["a value out of range", new ResponsesRequest({ model: "m", input: "x", temperature: 99 })],
    ["no messages", chat().setInputMessages([])],
    ["no text to embed", new EmbeddingsRequest({ model: "m" }).setInput("")],
  ])("refuses %s and writes nothing", (_, request) => {
    const saveFilePath = newPath();
    const manager = new BatchJobManager();
    expect(() => manager.add({ custom_id: "a", request, saveFilePath })).toThrow(RequestError);
    expect(textOf(saveFilePath)).toBe("");
  });

  test("refuses to add nothing", () => {
    const add = () => new BatchJobManager().add(undefined as never);
    expect(add).toThrow(expect.objectContaining({ code: "invalid_option" }));
  });

  test.each([undefined, null, "text", {}, { url: "/v1/responses" }, { url: "/v1/none", body: {} }])(
    "refuses the request %j of plain JavaScript",
    (request) => {
      const add = () =>
        new BatchJobManager().add({ custom_id: "a", request: request as never, saveFilePath: newPath() });
      expect(add).toThrow(expect.objectContaining({ code: "invalid_option" }));
    },
  );

  test("refuses an id twice, also where another manager wrote it", () => {
    const saveFilePath = newPath();
    const request = responses().setInputMessages([{ role: "user", content: "Hello" }]);
    new BatchJobManager().add({ custom_id: "a", request, saveFilePath });
    expect(() => new BatchJobManager().add({ custom_id: "a", request, saveFilePath })).toThrow(
      expect.objectContaining({ code: "duplicate_custom_id" }),
    );
  });

  test("can be used again after close", () => {
    const saveFilePath = newPath();
    const manager = new BatchJobManager();
    const request = responses().setInputMessages([{ role: "user", content: "Hello" }]);
    manager.add({ custom_id: "a", request, saveFilePath });
    manager.close();
    manager.close();
    manager.add({ custom_id: "b", request, saveFilePath });
    expect(linesOf(saveFilePath)).toHaveLength(2);
  });

  test("is written through while a bulk call is under way on the same file", async () => {
    const saveFilePath = newPath();
    const manager = new BatchJobManager();
    const request = responses().setInputMessages([{ role: "user", content: "Hello" }]);
    async function* rows() {
      yield { custom_id: "row-1", promptValueMapping: { x: 1 } };
      await setTimeout(1);
      manager.add({ custom_id: "between", request, saveFilePath });
      expect(linesOf(saveFilePath)).toHaveLength(2);
      yield { custom_id: "row-2", promptValueMapping: { x: 2 } };
    }
    await manager.addTemplatedInstances({
      prompt: question,
      commonRequest: responses(),
      inputInstances: rows(),
      saveFilePath,
    });
    expect(linesOf(saveFilePath).map((line) => JSON.parse(line).custom_id)).toEqual([
      "row-1",
      "between",
      "row-2",
    ]);
  });
});

describe("addTemplatedInstances", () => {
  test("gives messages to a chat request", async () => {
    const saveFilePath = newPath();
    await new BatchJobManager().addTemplatedInstances({
      prompt: question,
      commonRequest: chat(),
      inputInstances: questions(3),
      saveFilePath,
    });
    expect(bodiesOf(saveFilePath)).toEqual(
      [1, 2, 3].map((x) => ({
        model: "gpt-4o-mini",
        messages: [{ role: "user", content: `What is ${x}?` }],
      })),
    );
  });

  test("gives input items with their parts to a responses request", async () => {
    const saveFilePath = newPath();
    await new BatchJobManager().addTemplatedInstances({
      prompt: new PromptTemplate([
        {
          role: "user",
          content: [
            { type: "text", text: "What is on {x}?" },
            { type: "image_url", image_url: { url: "{url}" } },
          ],
        },
      ]),
      commonRequest: responses(),
      inputInstances: [{ custom_id: "a", promptValueMapping: { x: "it", url: "https://example.com/a.png" } }],
      saveFilePath,
    });
    expect(bodiesOf(saveFilePath)[0].input).toEqual([
      {
        role: "user",
        content: [
          { type: "input_text", text: "What is on it?" },
          { type: "input_image", image_url: "https://example.com/a.png" },
        ],
      },
    ]);
  });

  test("takes the messages of each instance where there is no prompt", async () => {
    const saveFilePath = newPath();
    const manager = new BatchJobManager();
    const calls = [{ id: "c", type: "function" as const, function: { name: "f", arguments: "{}" } }];
    await manager.addTemplatedInstances({
      commonRequest: chat(),
      inputInstances: [
        new MessagesInputInstance({ custom_id: "a", messages: [{ role: "user", content: "{plain}" }] }),
        {
          custom_id: "b",
          messages: [
            { role: "user", content: "x" },
            { role: "assistant", content: null, tool_calls: calls },
            { role: "tool", tool_call_id: "c", content: "y" },
          ],
          instanceRequestOptions: { temperature: 0.1 },
        },
      ],
      saveFilePath,
    });
    await manager.addTemplatedInstances({
      commonRequest: responses(),
      inputInstances: [{ custom_id: "c", messages: [{ role: "user", content: "x" }] }],
      saveFilePath,
    });
    const [a, b, c] = bodiesOf(saveFilePath);
    expect(a.messages).toEqual([{ role: "user", content: "{plain}" }]);
    expect(b).toMatchObject({ temperature: 0.1, messages: [{}, { content: null, tool_calls: calls }, {}] });
    expect(c.input).toEqual([{ role: "user", content: "x" }]);
  });

  test("writes a reusable prompt with nothing but its id", async () => {
    const saveFilePath = newPath();
    await new BatchJobManager().addTemplatedInstances({
      prompt: new ReusablePrompt({ id: "pmpt_1" }),
      commonRequest: new ResponsesRequest({}),
      inputInstances: [{ custom_id: "a", promptValueMapping: {} }],
      saveFilePath,
    });
    expect(bodiesOf(saveFilePath)).toEqual([{ prompt: { id: "pmpt_1" } }]);
  });

  test("lets an instance's null win, and its undefined change nothing", async () => {
    const saveFilePath = newPath();
    await new BatchJobManager().addTemplatedInstances({
      prompt: question,
      commonRequest: new ChatCompletionsRequest({ model: "m", temperature: 0.5, top_p: 0.5 }),
      inputInstances: [
        {
          custom_id: "a",
          promptValueMapping: { x: 1 },
          instanceRequestOptions: { temperature: null, top_p: undefined } as object,
        },
      ],
      saveFilePath,
    });
    expect(bodiesOf(saveFilePath)[0]).toMatchObject({ temperature: null, top_p: 0.5 });
  });

  test.each([
    ["a value out of range", { temperature: 99 }],
    ["a misspelt name", { temprature: 1 }],
    ["a stream", { stream: true }],
    ["messages of its own", { messages: [] }],
    ["something else than parameters", "text"],
  ])("refuses options of an instance with %s, and keeps the lines before it", async (_, options) => {
    const saveFilePath = newPath();
    const inputInstances = [
      ...questions(2),
      { custom_id: "bad", promptValueMapping: { x: 3 }, instanceRequestOptions: options as object },
    ];
    const call = new BatchJobManager().addTemplatedInstances({
      prompt: question,
      commonRequest: chat(),
      inputInstances,
      saveFilePath,
    });
    await expect(call).rejects.toMatchObject({
      code: "row_failed",
      message: expect.stringContaining('"bad"'),
    });
    expect(linesOf(saveFilePath)).toHaveLength(2);
  });

  test("says of a missing variable which it is, in which message and instance", async () => {
    const saveFilePath = newPath();
    const call = new BatchJobManager({ onWarning: () => undefined }).addTemplatedInstances({
      prompt: copywriter,
      commonRequest: responses(),
      inputInstances: [
        { custom_id: "prod_001", promptValueMapping: { product_name: "a", features: "b" } },
        { custom_id: "prod_002", promptValueMapping: { product_name: "a", feature: "b" } as never },
      ],
      saveFilePath,
    });
    const error = await call.catch((found: unknown) => found);
    expect(error).toMatchObject({
      code: "row_failed",
      message:
        'Row 2 failed; 1 line was written before it. Instance "prod_002": {features} in message 2 (user) has no value. Give it one: "feature" was given instead.',
      hint: expect.stringContaining('onDuplicate: "skip"'),
      cause: { code: "missing_variable" },
    });
    expect(error).toBeInstanceOf(OpenbatchError);
  });

  test.each([
    ["promptValueMapping", { custom_id: "a", prompt_value_mapping: { x: 1 } }],
    [
      "instanceRequestOptions",
      { custom_id: "a", promptValueMapping: { x: 1 }, instance_request_options: {} },
    ],
    ["custom_id", { id: "a", promptValueMapping: { x: 1 } }],
    ["promptValueMapping", { custom_id: "a", promptValueMapping: "text" }],
    ["custom_id", { promptValueMapping: { x: 1 } }],
    ["custom_id", { custom_id: 7, promptValueMapping: { x: 1 } }],
    ["custom_id", { custom_id: "", promptValueMapping: { x: 1 } }],
    ["instance", null],
    ["instance", "text"],
  ])("tells of %s in the instance %j of plain JavaScript", async (name, instance) => {
    const call = new BatchJobManager().addTemplatedInstances({
      prompt: question,
      commonRequest: chat(),
      inputInstances: [...questions(2), instance as never],
      saveFilePath: newPath(),
    });
    const error = await call.catch((found: unknown) => found);
    expect(error).toMatchObject({ code: "row_failed" });
    expect(
      String((error as OpenbatchError).cause) +
        (error as OpenbatchError & { cause: { hint: string } }).cause.hint,
    ).toContain(name);
  });

  test("says of an instance with the id of the Python package what it is called here", async () => {
    const call = new BatchJobManager().addTemplatedInstances({
      prompt: question,
      commonRequest: chat(),
      inputInstances: [{ id: "a", promptValueMapping: { x: 1 } } as never],
      saveFilePath: newPath(),
    });
    await expect(call).rejects.toMatchObject({
      code: "row_failed",
      message:
        'Row 1 failed; 0 lines were written before it. An instance has an unknown key "id". Did you mean custom_id? An instance has custom_id, promptValueMapping, instanceRequestOptions.',
      hint: expect.stringContaining('onDuplicate: "skip"'),
    });
  });

  test("says of two formats under one name in which instance, and what to do", async () => {
    const format = (property: string) => ({
      type: "json_schema" as const,
      json_schema: {
        name: "answer",
        schema: { type: "object", properties: { [property]: { type: "string" } }, required: [property] },
      },
    });
    const call = new BatchJobManager().addTemplatedInstances({
      commonRequest: chat(),
      inputInstances: ["a", "b"].map((custom_id) => ({
        custom_id,
        messages: [{ role: "user" as const, content: "Hello" }],
        instanceRequestOptions: { response_format: format(custom_id) },
      })),
      saveFilePath: newPath(),
    });
    await expect(call).rejects.toMatchObject({
      message: expect.stringMatching(/Instance "b": Two different schemas .* Name one of them: /),
      cause: { code: "format_name_conflict" },
    });
  });

  test("leaves a refused request the error that lists its problems", async () => {
    const call = new BatchJobManager().addEmbeddingRequests({
      commonRequest: new EmbeddingsRequest({ model: "m" }),
      inputInstances: [{ custom_id: "a", input: "" }],
      saveFilePath: newPath(),
    });
    const { cause } = (await call.catch((found: OpenbatchError) => found)) as OpenbatchError;
    expect(cause).toBeInstanceOf(RequestError);
  });

  test.each([
    [{ prompt: new ReusablePrompt({ id: "pmpt_1" }), commonRequest: chat() }, /does not go with/],
    [{ prompt: question, commonRequest: new EmbeddingsRequest({ model: "m" }) }, /commonRequest is for/],
    [{ prompt: "text", commonRequest: chat() }, /prompt is a string/],
    [{ commonRequest: chat(), inputInstances: undefined }, /inputInstances is undefined/],
    [{ commonRequest: undefined }, /commonRequest is undefined/],
  ])("refuses options that do not go together, or are none", async (options, message) => {
    const saveFilePath = newPath();
    const call = new BatchJobManager().addTemplatedInstances({
      inputInstances: [],
      saveFilePath,
      ...(options as object as { commonRequest: ResponsesRequest }),
    });
    await expect(call).rejects.toMatchObject({
      code: "invalid_option",
      message: expect.stringMatching(message),
    });
    expect(existsSync(saveFilePath)).toBe(false);
  });

  test("refuses a common request that has what each instance gives", async () => {
    const commonRequest = chat().setInputMessages([{ role: "user", content: "x" }]);
    const call = new BatchJobManager().addTemplatedInstances({
      prompt: question,
      commonRequest,
      inputInstances: questions(1),
      saveFilePath: newPath(),
    });
    await expect(call).rejects.toMatchObject({ code: "conflicting_parameters" });
  });

  test("goes on where it was stopped", async () => {
    const saveFilePath = newPath();
    const instances = questions(5);
    const bulk = (inputInstances: typeof instances) =>
      new BatchJobManager({ onDuplicate: "skip" }).addTemplatedInstances({
        prompt: question,
        commonRequest: chat(),
        inputInstances,
        saveFilePath,
      });
    await bulk(instances.slice(0, 3));
    await expect(bulk(instances)).resolves.toMatchObject({ written: 2, skipped: 3 });
    expect(linesOf(saveFilePath)).toHaveLength(5);
  });

  test("goes past instances that fail when it is told to", async () => {
    const saveFilePath = newPath();
    const counts = await new BatchJobManager().addTemplatedInstances({
      prompt: question,
      commonRequest: chat(),
      inputInstances: [
        ...questions(1),
        { custom_id: "b", promptValueMapping: {} as never },
        { custom_id: "c", promptValueMapping: { x: 3 } },
      ],
      saveFilePath,
      onError: "skip",
    });
    expect(counts).toMatchObject({ rows: 3, written: 2, failed: 1, failures: [{ row: 2 }] });
  });

  test("stops at a signal, with whole lines in the file", async () => {
    const saveFilePath = newPath();
    const controller = new AbortController();
    function* endless() {
      for (let index = 0; ; index += 1) yield { custom_id: `${index}`, promptValueMapping: { x: index } };
    }
    const call = new BatchJobManager().addTemplatedInstances({
      prompt: question,
      commonRequest: chat(),
      inputInstances: endless(),
      saveFilePath,
      signal: controller.signal,
      onProgress: ({ rows }) => rows >= 3000 && controller.abort(),
    });
    await expect(call).rejects.toThrow(/abort/i);
    expect(linesOf(saveFilePath)).toHaveLength(3000);
  });
});

describe("warnings", () => {
  const write = (manager: BatchJobManager, saveFilePath: string, more: object = {}) =>
    manager.addTemplatedInstances({
      prompt: question,
      commonRequest: chat(),
      inputInstances: [{ custom_id: randomUUID(), promptValueMapping: { x: 1 } }],
      saveFilePath,
      ...more,
    });

  test("tell that the file is there already, but not that this manager wrote it", async () => {
    const saveFilePath = newPath();
    writeFileSync(saveFilePath, "");
    const { manager, warnings } = listen();
    await write(manager, saveFilePath);
    await write(manager, saveFilePath);
    expect(warnings).toEqual([]);
    const other = listen();
    await write(other.manager, saveFilePath);
    expect(other.warnings).toMatchObject([
      { code: "existing_file", message: `${saveFilePath} is there already.` },
    ]);
  });

  test("are not given with suppressWarnings", async () => {
    const saveFilePath = newPath();
    await write(new BatchJobManager(), saveFilePath);
    const { manager, warnings } = listen();
    const inputInstances = [{ custom_id: "not portable", promptValueMapping: { x: 1, y: 2 } }];
    await write(manager, saveFilePath, { suppressWarnings: true, inputInstances });
    expect(warnings).toEqual([]);
  });

  test("tell once of a value that no placeholder takes", async () => {
    const { manager, warnings } = listen();
    const inputInstances = ["a", "b", "c"].map((custom_id) => ({
      custom_id,
      promptValueMapping: { x: 1, tone: "dry" },
    }));
    await write(manager, newPath(), { inputInstances });
    expect(warnings).toMatchObject([{ code: "unused_variable", message: expect.stringContaining('"tone"') }]);
  });

  test("are given for each request, rendered or not", async () => {
    const { manager, warnings } = listen();
    const commonRequest = new ChatCompletionsRequest({ model: "gpt-4o-mini", user: "someone" });
    await write(manager, newPath(), { commonRequest, inputInstances: questions(3) });
    expect(warnings.map(({ code, custom_id }) => [code, custom_id])).toEqual([
      ["deprecated_parameter", "q-1"],
      ["deprecated_parameter", "q-2"],
      ["deprecated_parameter", "q-3"],
    ]);
  });
});

describe("a file that is not whole", () => {
  test("is never glued to", async () => {
    const saveFilePath = newPath();
    appendFileSync(saveFilePath, '{"custom_id":"a","method":"POST","url":"/v1/mod');
    const call = new BatchJobManager().addEmbeddingRequests({
      commonRequest: new EmbeddingsRequest({ model: "m" }),
      inputInstances: [{ custom_id: "b", input: "x" }],
      saveFilePath,
      suppressWarnings: true,
    });
    await expect(call).rejects.toMatchObject({ code: "torn_last_line" });
  });
});

test.each<[string, (manager: BatchJobManager) => unknown]>([
  ["add", (manager) => manager.add({ custom_id: "", request: chat(), saveFilePath: newPath() })],
  [
    "addTemplatedInstances",
    (manager) =>
      manager.addTemplatedInstances({
        commonRequest: chat(),
        prompt: question,
        inputInstances: [{ custom_id: "", promptValueMapping: { x: 1 } }],
        saveFilePath: newPath(),
      }),
  ],
  [
    "addEmbeddingRequests",
    (manager) =>
      manager.addEmbeddingRequests({
        commonRequest: new EmbeddingsRequest({ model: "text-embedding-3-small" }),
        inputInstances: [new EmbeddingInputInstance({ custom_id: "", input: "x" })],
        saveFilePath: newPath(),
      }),
  ],
])("an error of %s has the line that called it first in its stack", async (_, call) => {
  using manager = new BatchJobManager();
  const error = await (async () => call(manager))().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenbatchError);
  const [, first] = error instanceof Error ? (error.stack ?? "").split("\n    at ") : [];
  expect(first).toContain("batch-job-manager.test.ts");
});

describe("the target of the requests", () => {
  const common = () => new ChatCompletionsRequest({ model: "qwen3", temperature: 2.5, n: 200 });
  const instances = ["a", "b", "c"].map((x) => ({ custom_id: x, promptValueMapping: { x } }));

  test("is OpenAI by default, whose ranges a request is held to", async () => {
    const { manager } = listen();
    const saveFilePath = newPath();
    const request = { prompt: question, commonRequest: common(), inputInstances: instances, saveFilePath };
    await expect(manager.addTemplatedInstances(request)).rejects.toThrow("2.5 is above the maximum 2.");
    expect(textOf(saveFilePath)).toBe("");
  });

  test("may be a server of your own, which says nothing of ranges, in bulk and one by one", async () => {
    const { manager, warnings } = listen({ target: "openbatch" });
    const saveFilePath = newPath();
    await manager.addTemplatedInstances({
      prompt: question,
      commonRequest: common(),
      inputInstances: instances,
      saveFilePath,
    });
    const messages = [{ role: "user" as const, content: "Hi" }];
    const request = common().setInputMessages(messages);
    manager.add({ custom_id: "d", request, saveFilePath });
    expect(bodiesOf(saveFilePath)).toMatchObject(Array(4).fill({ temperature: 2.5, n: 200 }));
    expect(warnings).toEqual([]);
  });

  test("cannot be anything else", () => {
    // @ts-expect-error there is no such target
    expect(() => new BatchJobManager({ target: "vllm" })).toThrow("target");
  });
});
