import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Endpoint, type RequestTarget, validateBody } from "../../../src/api/index.js";
import { createRehearsal } from "../../../src/rehearse/index.js";
import { chat, errorOf, respond } from "../answer.js";

const chatUrl = "/v1/chat/completions";
const weather = { type: "function", function: { name: "weather" } };
const inText = (...messages: readonly object[]) => ({ ...chat, messages });

/** Requests that OpenAI refuses, and other servers may take. */
const openAIs: readonly (readonly [Endpoint, object, string])[] = [
  [chatUrl, { ...chat, temperature: 2.5 }, "temperature"],
  [chatUrl, { ...chat, n: 200 }, "n"],
  [chatUrl, { ...chat, logprobs: true, top_logprobs: 40 }, "top_logprobs"],
  [chatUrl, { ...chat, tools: [] }, "tools"],
  [
    chatUrl,
    {
      ...chat,
      tools: [weather],
      tool_choice: { type: "function", function: { name: "weather" } },
      metadata: { a: "x".repeat(600) },
    },
    "metadata.a",
  ],
  [chatUrl, { ...chat, response_format: { type: "json_object" } }, "response_format"],
  ["/v1/responses", { model: "m", input: "x", max_output_tokens: 4 }, "max_output_tokens"],
  ["/v1/completions", { model: "m", prompt: "x", logprobs: 20 }, "logprobs"],
];

/** Requests that no server takes. */
const everyones: readonly (readonly [Endpoint, object, string])[] = [
  [chatUrl, inText({ role: "user", content: 4 }), "messages[0].content"],
  [chatUrl, inText({ content: "Hello" }), "messages[0].role"],
  [chatUrl, { ...chat, temperature: "1" }, "temperature"],
  [chatUrl, { ...chat, model: " " }, "model"],
  [
    "/v1/responses",
    { model: "m", input: [{ role: "user", content: [{ type: "text", text: "x" }] }] },
    "input[0].content[0].type",
  ],
  [
    "/v1/responses",
    { model: "m", input: "x", previous_response_id: "resp_1", conversation: "conv_1" },
    "previous_response_id",
  ],
  ["/v1/embeddings", { model: "m", input: ["x", [1]] }, "input"],
];

const rehearsalFor = (target: RequestTarget) => ({ rehearsal: createRehearsal({}, target) });

describe("a request that the check calls an error", () => {
  it.each(everyones)("of %s with %j is answered with 400 for %s, by either rules", (url, body, param) => {
    for (const target of ["upload", "openbatch"] as const) {
      expect(errorOf(url, body, rehearsalFor(target))).toMatchObject({
        status: 400,
        type: "invalid_request_error",
        param,
      });
    }
  });

  it.each(openAIs)(
    "of %s with %j is answered with 400 for %s by OpenAI's rules alone",
    (url, body, param) => {
      expect(errorOf(url, body, rehearsalFor("upload"))).toMatchObject({ status: 400, param });
      expect(respond(url, body, rehearsalFor("openbatch")).status).toBe(200);
    },
  );

  it("is told in the words of the check, with what to do", () => {
    expect(errorOf(chatUrl, { ...chat, temperature: 2.5 })).toEqual({
      status: 400,
      message: "Invalid 'temperature': 2.5 is above the maximum 2. Use 2 or less.",
      type: "invalid_request_error",
      param: "temperature",
      code: "invalid_value",
    });
    expect(errorOf(chatUrl, inText({ content: "Hello" })).message).toBe(
      "Missing required parameter: 'messages[0].role'.",
    );
  });

  it("is answered all the same where that is switched off", () => {
    const rehearsal = createRehearsal({ checkRequests: false });
    for (const [url, body] of [[chatUrl, { ...chat, temperature: 2.5 }], ...everyones.slice(0, 1)] as const)
      expect(respond(url, body, { rehearsal }).status).toBe(200);
  });

  it("is refused with the fault first, as a server that is in trouble reads nothing", () => {
    const rehearsal = createRehearsal({ faults: ["500:*:x1"] });
    const body = { ...chat, temperature: 2.5 };
    expect(errorOf(chatUrl, body, { rehearsal }).status).toBe(500);
    expect(errorOf(chatUrl, body, { rehearsal, attempt: 2 }).status).toBe(400);
  });
});

describe("a request that the check only warns of", () => {
  it.each<readonly [Endpoint, object]>([
    [chatUrl, { ...chat, model: "gpt-5", temperature: 0.5 }],
    [chatUrl, { ...chat, model: "gpt-4o-minni" }],
    ["/v1/responses", { model: "m", input: "x", background: true }],
  ])("of %s with %j is answered", (url, body) => {
    expect(respond(url, body).status).toBe(200);
  });

  it.each([{ top_k: 4 }, { temprature: 1 }, { max_output_tokens: 50 }])(
    "as of an unknown parameter is answered: %j",
    (more) => {
      expect(respond(chatUrl, { ...chat, ...more }).status).toBe(200);
    },
  );

  it("is told by the check of whole files in the same way, whatever the values", () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(0, 1, 2, 0.5, "x", true));
    const name = fc.constantFrom(
      "temperature",
      "n",
      "top_p",
      "stop",
      "tools",
      "metadata",
      "user",
      "seed",
      "store",
    );
    const rehearsal = createRehearsal();
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 3 }), (more) => {
        const body = { ...chat, ...more };
        const errors = validateBody(chatUrl, body, { allowUnknownParameters: true }).filter(
          ({ severity }) => severity === "error",
        );
        expect(respond(chatUrl, body, { rehearsal }).status).toBe(errors.length === 0 ? 200 : 400);
      }),
    );
  });
});

describe("what only tells of a form", () => {
  it("is not held to the types of JSON", () => {
    const body = JSON.stringify({ model: "m", prompt: "x", images: ["4f2a"], output_compression: "80" });
    const asked = { custom_id: "a", url: "/v1/images/edits", body, attempt: 1 };
    const statusOf = (isForm: boolean) => {
      const answer = createRehearsal().answer({ ...asked, isForm });
      return answer.kind === "response" ? answer.status : undefined;
    };
    expect([statusOf(true), statusOf(false)]).toEqual([200, 400]);
  });
});

it("a format of another server is answered with prose", () => {
  const body = { ...chat, response_format: { type: "structural_tag", format: { type: "any_text" } } };
  expect(respond(chatUrl, body, rehearsalFor("openbatch")).status).toBe(200);
});
