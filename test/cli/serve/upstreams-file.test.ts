import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { readUpstreams } from "../../../src/cli/serve/upstreams-file.js";
import { temporaryFolder } from "../../temporary-folder.js";

afterEach(() => vi.unstubAllEnvs());

function read(yaml: string) {
  const path = join(temporaryFolder(), "upstreams.yaml");
  writeFileSync(path, yaml);
  return readUpstreams(path);
}

test("reads each server with its key from the environment, its models and its limits", async () => {
  vi.stubEnv("GROQ_API_KEY", " sk-groq\n");
  const upstreams = await read(`# the fleet
upstreams:
  - base_url: http://vllm-7:8000/v1
  - base_url: https://api.groq.com/openai/v1
    api_key_env: GROQ_API_KEY
    model: llama-3.3-70b-versatile
    models: [gpt-4o-mini, gpt-4o]
    requests_per_minute: 1000
    tokens_per_minute: 300000
    concurrency: 64
    timeout: 30.5
`);
  expect(upstreams).toEqual([
    { baseURL: "http://vllm-7:8000/v1" },
    {
      ...{
        baseURL: "https://api.groq.com/openai/v1",
        apiKey: "sk-groq",
        keyName: "GROQ_API_KEY",
        timeoutMs: 30_500,
      },
      ...{ model: "llama-3.3-70b-versatile", models: ["gpt-4o-mini", "gpt-4o"] },
      ...{ requestsPerMinute: 1000, tokensPerMinute: 300_000, concurrency: 64 },
    },
  ]);
});

const server = "upstreams:\n  - base_url: http://localhost:8000/v1\n";

test.each([
  ["no YAML", "upstreams: [", /line 1, column \d+: this is no YAML/],
  ["nothing", "", /this is no YAML with a list/],
  ["references", `a: &a 1\nupstreams: *a\n`, /this is no YAML/],
  ["another key", `${server}other: 1\n`, /line 3, column 1: "other" is no setting of this file/],
  ["no list", "upstreams: 5\n", /line 1, column 1: upstreams is to be a list/],
  ["an empty list", "upstreams: []\n", /with one or more servers/],
  ["no object in it", "upstreams:\n  - text\n", /line 2, column 5: an upstream is an object/],
  ["no base_url", "upstreams:\n  - model: m\n", /line 2, column 5: an upstream has a base_url/],
  [
    "a key in the URL",
    "upstreams:\n  - base_url: https://host/v1?key=secret-4\n",
    /line 2, column 5: base_url is/,
  ],
  ["a name in the URL", "upstreams:\n  - base_url: https://me:secret-4@host/v1\n", /base_url is to be/],
  [
    "a misspelled setting",
    `${server}    request_per_minute: 5\n`,
    /line 3, column 5: "request_per_minute" is/,
  ],
  [
    "a count that is none",
    `${server}    concurrency: 0\n`,
    /line 3, column 5: concurrency is to be a whole number/,
  ],
  ["a prototype", `${server}    __proto__: { model: m }\n`, /"__proto__" is no setting/],
  ["the key itself", `${server}    api_key_env: sk-secret-4\n`, /api_key_env is to be the name/],
  [
    "a variable that is not set",
    `${server}    api_key_env: NOT_SET\n`,
    /line 3, column 5: The environment variable NOT_SET is not set/,
  ],
])("refuses a file with %s, and says where", async (_, yaml, words) => {
  const error = await read(yaml).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "invalid_option", message: expect.stringMatching(words) });
  expect(`${error}`).not.toContain("secret-4");
});
