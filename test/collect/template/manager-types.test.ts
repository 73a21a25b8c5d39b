import { describe, expectTypeOf, test } from "vitest";
import {
  type BatchJobManager,
  ChatCompletionsRequest,
  EmbeddingsRequest,
  PromptTemplate,
  PromptTemplateInputInstance,
  ResponsesRequest,
  ReusablePrompt,
} from "../../../src/collect/index.js";

/** What is below is checked by the compiler; nothing of it runs. */
const manager = {} as BatchJobManager;
const compile = (_: () => unknown): void => {};

const prompt = new PromptTemplate([{ role: "user", content: "{a} {b}" }]);
const chat = new ChatCompletionsRequest({ model: "m" });
const responses = new ResponsesRequest({ model: "m" });
const stored = new ReusablePrompt({ id: "pmpt_1" });
const saveFilePath = "x.jsonl";

describe("the compiler", () => {
  test("takes instances of any iterable, plain or made by the class", () => {
    compile(() => {
      async function* rows() {
        yield { custom_id: "1", promptValueMapping: { a: 1, b: true } };
      }
      const made = new PromptTemplateInputInstance({
        custom_id: "1",
        promptValueMapping: { a: "x", b: "y" },
        instanceRequestOptions: { temperature: 1 },
      });
      const messages = [{ role: "user" as const, content: "x" }];
      const withMessages = [{ custom_id: "1", messages }];
      const withVariables = [{ custom_id: "1", promptValueMapping: { any: "x" } }];
      return [
        manager.addTemplatedInstances({ prompt, commonRequest: chat, inputInstances: rows(), saveFilePath }),
        manager.addTemplatedInstances({
          prompt,
          commonRequest: responses,
          inputInstances: new Set([made]),
          saveFilePath,
        }),
        manager.addTemplatedInstances({ commonRequest: chat, inputInstances: withMessages, saveFilePath }),
        manager.addTemplatedInstances({
          prompt: stored,
          commonRequest: responses,
          inputInstances: withVariables,
          saveFilePath,
        }),
      ];
    });
  });

  test("refuses a missing or misspelt variable", () => {
    compile(() => [
      manager.addTemplatedInstances({
        prompt,
        commonRequest: chat,
        // @ts-expect-error b is missing
        inputInstances: [{ custom_id: "1", promptValueMapping: { a: "x" } }],
        saveFilePath,
      }),
      manager.addTemplatedInstances({
        prompt,
        commonRequest: chat,
        // @ts-expect-error c is no placeholder
        inputInstances: [{ custom_id: "1", promptValueMapping: { a: "x", b: "y", c: "z" } }],
        saveFilePath,
      }),
      manager.addTemplatedInstances({
        prompt,
        commonRequest: chat,
        // @ts-expect-error b is missing
        inputInstances: [new PromptTemplateInputInstance({ custom_id: "1", promptValueMapping: { a: "x" } })],
        saveFilePath,
      }),
    ]);
  });

  test("refuses a misspelt parameter of an instance, and one of another endpoint", () => {
    const promptValueMapping = { a: "x", b: "y" };
    compile(() => [
      manager.addTemplatedInstances({
        prompt,
        commonRequest: chat,
        // @ts-expect-error it is temperature
        inputInstances: [{ custom_id: "1", promptValueMapping, instanceRequestOptions: { temprature: 1 } }],
        saveFilePath,
      }),
      manager.addTemplatedInstances({
        prompt,
        commonRequest: responses,
        // @ts-expect-error seed is a parameter of chat
        inputInstances: [{ custom_id: "1", promptValueMapping, instanceRequestOptions: { seed: 1 } }],
        saveFilePath,
      }),
      manager.addTemplatedInstances({
        prompt,
        commonRequest: chat,
        // @ts-expect-error a batch cannot stream
        inputInstances: [{ custom_id: "1", promptValueMapping, instanceRequestOptions: { stream: true } }],
        saveFilePath,
      }),
    ]);
  });

  test("refuses a reusable prompt with chat, and embeddings with a prompt", () => {
    const inputInstances = [{ custom_id: "1", promptValueMapping: {} }];
    compile(() => [
      // @ts-expect-error a reusable prompt goes with responses alone
      manager.addTemplatedInstances({ prompt: stored, commonRequest: chat, inputInstances, saveFilePath }),
      manager.addTemplatedInstances({
        prompt: stored,
        // @ts-expect-error embeddings take no prompt
        commonRequest: new EmbeddingsRequest({ model: "m" }),
        inputInstances,
        saveFilePath,
      }),
      // @ts-expect-error without a prompt an instance has messages
      manager.addTemplatedInstances({ commonRequest: chat, inputInstances, saveFilePath }),
    ]);
  });

  test("knows what a bulk call gives", () => {
    expectTypeOf(manager.addEmbeddingRequests)
      .returns.resolves.toHaveProperty("written")
      .toEqualTypeOf<number>();
  });
});
