import { describe, expect, test } from "vitest";
import { type ResolveServerOptions, resolveServer as resolve } from "../../src/http/resolve-server.js";

const openai = "https://api.openai.com/v1";
type Options = Omit<ResolveServerOptions, "command" | "commandWithoutServer" | "exampleURL">;

const resolveServer = (options: Options) =>
  resolve({
    command: "openbatch run FILE",
    commandWithoutServer: "openbatch run FILE --rehearse",
    exampleURL: local,
    ...options,
  });
const local = "http://localhost:11434/v1";
const OPENAI_API_KEY = "sk-openai";

describe("the server", () => {
  test.each<[string, Options, string]>([
    ["the one that is named", { baseURL: local, environment: { OPENAI_BASE_URL: openai } }, local],
    ["else that of OPENAI_BASE_URL", { environment: { OPENAI_BASE_URL: ` ${local} ` } }, local],
  ])("is %s", (_, options, baseURL) => {
    expect(resolveServer(options).baseURL).toBe(baseURL);
  });

  test.each([{}, { OPENAI_BASE_URL: "" }, { OPENAI_BASE_URL: "  " }, { OPENAI_API_KEY }])(
    "is never OpenAI unless it is named: %j",
    (environment) => {
      expect(() => resolveServer({ environment })).toThrow(
        expect.objectContaining({
          code: "base_url_missing",
          hint: expect.stringContaining(
            `openbatch run FILE --base-url ${"OPENAI_API_KEY" in environment ? openai : local}`,
          ),
        }),
      );
    },
  );
});

describe("the key", () => {
  test.each<[string, Options, string | undefined]>([
    ["OPENAI_API_KEY goes to OpenAI", { baseURL: openai, environment: { OPENAI_API_KEY } }, OPENAI_API_KEY],
    [
      "OPENAI_API_KEY goes to a region of OpenAI",
      { baseURL: "https://eu.api.openai.com/v1", environment: { OPENAI_API_KEY } },
      OPENAI_API_KEY,
    ],
    [
      "OPENAI_API_KEY goes to a server that the environment names",
      { environment: { OPENAI_API_KEY, OPENAI_BASE_URL: local } },
      OPENAI_API_KEY,
    ],
    [
      "OPENAI_API_KEY goes to the environment's server where it is named again",
      { baseURL: local, environment: { OPENAI_API_KEY, OPENAI_BASE_URL: local } },
      OPENAI_API_KEY,
    ],
    [
      "OPENAI_API_KEY goes nowhere else",
      { baseURL: local, environment: { OPENAI_API_KEY, OPENAI_BASE_URL: openai } },
      undefined,
    ],
    ["OPENAI_API_KEY goes nowhere else", { baseURL: local, environment: { OPENAI_API_KEY } }, undefined],
    [
      "OPENAI_API_KEY doesn't go to OpenAI without TLS",
      { baseURL: "http://api.openai.com/v1", environment: { OPENAI_API_KEY } },
      undefined,
    ],
    [
      "OPENAI_API_KEY doesn't go to a name that only looks like OpenAI",
      { baseURL: "https://api.openai.com.example/v1", environment: { OPENAI_API_KEY } },
      undefined,
    ],
    [
      "the variable that is named holds it",
      { baseURL: local, apiKeyEnv: "MY_KEY", environment: { OPENAI_API_KEY, MY_KEY: "mine\n" } },
      "mine",
    ],
    ["it is given", { baseURL: local, apiKey: " given ", environment: { OPENAI_API_KEY } }, "given"],
    ["there is none", { baseURL: local, environment: {} }, undefined],
  ])("%s", (_, options, apiKey) => {
    expect(resolveServer(options).apiKey).toBe(apiKey);
  });

  test.each<[string, Options, RegExp]>([
    ["its variable is not set", { baseURL: local, apiKeyEnv: "MY_KEY" }, /MY_KEY is not set/],
    [
      "its variable is empty",
      { baseURL: local, apiKeyEnv: "MY_KEY", environment: { MY_KEY: " " } },
      /MY_KEY is not set/,
    ],
    [
      "a variable with a long name is not set",
      { baseURL: local, apiKeyEnv: "TEAM_7_AZURE_OPENAI_API_KEY" },
      /TEAM_7_AZURE_OPENAI_API_KEY is not set/,
    ],
    ["OpenAI is named without one", { baseURL: openai }, /OpenAI needs a key/],
    [
      "a region of OpenAI is named without one",
      { baseURL: "https://us.api.openai.com/v1" },
      /OpenAI needs a key/,
    ],
    [
      "the key itself is given for the variable's name",
      { baseURL: local, apiKeyEnv: "sk-secret-123" },
      /is not the name of a variable/,
    ],
  ])("is missed where %s", (_, options, message) => {
    const resolve = (): unknown => resolveServer({ environment: {}, ...options });
    expect(resolve).toThrow(expect.objectContaining({ code: "api_key_missing" }));
    expect(resolve).toThrow(message);
    expect(resolve).not.toThrow(/secret/);
  });

  test.each([
    "sk-0123456789",
    "gsk_AbCdEf0123456789",
    "hf_AbCdEfGhIjKlMnOpQr",
    "hf_abcdefghijklmnopqrstuvwxyz",
    "AbCdEf0123456789",
    "0123456789ABCDEF0123456789ABCDEF",
    "abcdef0123456789",
    "A0123456789ABCDEF0123",
  ])("itself is not shown where it is given for the variable's name: %s", (apiKeyEnv) => {
    const resolve = (): unknown => resolveServer({ baseURL: local, apiKeyEnv, environment: {} });
    expect(resolve).toThrow(/is not the name of a variable that is set/);
    expect(resolve).not.toThrow(apiKeyEnv);
  });

  test("is refused where there are two", () => {
    const options = { baseURL: local, apiKey: "sk-secret", apiKeyEnv: "MY_KEY", environment: {} };
    expect(() => resolveServer(options)).toThrow(expect.objectContaining({ code: "invalid_option" }));
  });
});
