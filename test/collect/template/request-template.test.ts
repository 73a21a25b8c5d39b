import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChatCompletionsRequest } from "../../../src/collect/template/chat-completions-request.js";
import { EmbeddingsRequest } from "../../../src/collect/template/embeddings-request.js";
import { PromptTemplate } from "../../../src/collect/template/prompt-template.js";
import { RequestTemplate } from "../../../src/collect/template/request-template.js";
import { ResponsesRequest } from "../../../src/collect/template/responses-request.js";
import { ReusablePrompt } from "../../../src/collect/template/reusable-prompt.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
let files = 0;

function newPath(): string {
  files += 1;
  return join(folder, `template-${files}`, "template.json");
}

/** What matters of a template, as plain values. */
const toPlain = ({ name, description, prompt, request, metadata }: RequestTemplate) => ({
  name,
  description,
  prompt: prompt && ("messages" in prompt ? prompt.messages : { ...prompt }),
  url: request?.url,
  body: request?.body,
  metadata,
});

async function saveAndLoad(template: RequestTemplate): Promise<RequestTemplate> {
  const path = newPath();
  await template.save(path);
  return RequestTemplate.load(path);
}

describe("RequestTemplate", () => {
  test.each([
    new RequestTemplate({ name: "only a name" }),
    new RequestTemplate({
      name: "product copy",
      description: "Ümläute and 😀",
      prompt: new PromptTemplate([
        { role: "system", content: "Use {{braces}} wisely." },
        {
          role: "user",
          content: [
            { type: "text", text: "{a}" },
            { type: "image_url", image_url: { url: "{b}" } },
          ],
        },
        { role: "assistant", content: null, tool_calls: [] },
      ]) as PromptTemplate,
      request: new ResponsesRequest({ model: "m", temperature: 0, top_p: null, text: { verbosity: "low" } }),
      metadata: { tags: ["a", 1, null, { deep: true }] },
    }),
    new RequestTemplate({
      name: "stored",
      prompt: new ReusablePrompt({
        id: "pmpt_1",
        version: "2",
        variables: { a: "x", b: { type: "input_text", text: "y" } },
      }),
      request: new ChatCompletionsRequest({ model: "m", seed: 1, stop: ["x"] }),
    }),
    new RequestTemplate({ name: "vectors", request: new EmbeddingsRequest({ model: "m", dimensions: 8 }) }),
  ])("loads what it saved ($name)", async (template) => {
    const loaded = await saveAndLoad(template);
    expect(toPlain(loaded)).toEqual(toPlain(template));
    expect(loaded.request?.constructor).toBe(template.request?.constructor);
    expect(loaded.prompt?.constructor).toBe(template.prompt?.constructor);
  });

  test("keeps any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string({ unit: "binary" }),
        async (values, name) => {
          const plain: typeof values = JSON.parse(JSON.stringify(values));
          const loaded = await saveAndLoad(
            new RequestTemplate({ name, metadata: plain, request: new ResponsesRequest(plain) }),
          );
          const { stream: _, ...body } = plain;
          expect(loaded.metadata).toEqual(plain);
          expect({ ...loaded.request?.body, stream: 0 }).toEqual({ ...body, stream: 0 });
          expect(loaded.name).toBe(name);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("writes plain JSON, and leaves no other file", async () => {
    const path = newPath();
    await new RequestTemplate({ name: "a", prompt: new ReusablePrompt({ id: "p" }) }).save(path);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ name: "a", prompt: { id: "p" } });
    await new RequestTemplate({ name: "b" }).save(path);
    expect(readdirSync(join(path, ".."))).toEqual(["template.json"]);
  });

  test("does not save what JSON would lose", async () => {
    const path = newPath();
    const template = new RequestTemplate({ name: "a", metadata: { list: [1, undefined] } });
    await expect(template.save(path)).rejects.toMatchObject({
      code: "invalid_template",
      message: `${path}: metadata.list[1]: undefined cannot be written as JSON.`,
    });
  });

  test.each([
    ["not JSON", "{", ": it is not JSON."],
    ["a list", "[]", ": expected an object, found an empty array."],
    ["no name", "{}", ": name: expected a string, found undefined."],
    ["a misspelt key", '{"name":"a","promt":{}}', ': unknown key "promt".'],
    [
      "a prompt without an id",
      '{"name":"a","prompt":{}}',
      ": prompt.id: expected a string, found undefined.",
    ],
    [
      "a brace",
      '{"name":"a","prompt":{"messages":[{"role":"user","content":"{"}]}}',
      ": prompt.messages: Message 1 (user), line 1, column 1:",
    ],
    ["no messages", '{"name":"a","prompt":{"messages":[]}}', ": prompt.messages: "],
    [
      "no body",
      '{"name":"a","request":{"url":"/v1/responses"}}',
      ": request.body: expected an object, found undefined.",
    ],
    [
      "another url",
      '{"name":"a","request":{"url":"/v1/x","body":{}}}',
      ': request.url: "/v1/x" is not the url of a request class.',
    ],
  ])("names the file and the path of %s", async (_, text, message) => {
    const path = join(folder, "broken.json");
    writeFileSync(path, text);
    await expect(RequestTemplate.load(path)).rejects.toMatchObject({
      code: "invalid_template",
      message: expect.stringContaining(path + message),
    });
  });

  test("says that there is no such file", async () => {
    await expect(RequestTemplate.load(join(folder, "none.json"))).rejects.toMatchObject({
      code: "file_not_found",
    });
  });
});
