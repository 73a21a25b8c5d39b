import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../../src/api/index.js";
import { problemsOf } from "../parameter-table.js";

const chat = "/v1/chat/completions";
const responses = "/v1/responses";
const half = "cut \ud83d";
const user = { role: "user", content: "Hello" };
const call = (id: string) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
const calls = (...ids: string[]) => ({ role: "assistant", tool_calls: ids.map(call) });
const answer = (id: string) => ({ role: "tool", tool_call_id: id, content: "42" });
const called = { type: "function_call", call_id: "a", name: "f", arguments: "{}" };
const output = { type: "function_call_output", call_id: "a", output: "42" };
const customCalled = { type: "custom_tool_call", call_id: "c", name: "g", input: "x" };
const customOutput = { type: "custom_tool_call_output", call_id: "c", output: "42" };
const nested = (...names: string[]) => names.map((name) => ({ type: "function", function: { name } }));
const flat = (...names: string[]) => names.map((name) => ({ type: "function", name }));
const custom = { type: "custom", custom: { name: "f" } };
const thought = { type: "reasoning", id: "rs_1", summary: [] };
const file = (given: object) => ({ role: "user", content: [{ type: "file", file: given }] });
const json_object = { type: "json_object" };
const image = (url: string) => ({ role: "user", content: [{ type: "image_url", image_url: { url } }] });

const bodies: Partial<Record<Endpoint, object>> = {
  [chat]: { model: "m", messages: [user] },
  [responses]: { model: "m", input: "Hello" },
};

describe("what stands in two places of a request", () => {
  it.each<[string, Endpoint, object]>([
    [
      "calls and their answers, in any order",
      chat,
      { messages: [user, calls("a", "b"), answer("b"), answer("a"), user] },
    ],
    ["a call and its output", responses, { input: [called, output] }],
    ["an output of a call before", responses, { input: [output], previous_response_id: "r" }],
    [
      "an output whose call is referred to",
      responses,
      { input: [{ type: "item_reference", id: "i" }, output] },
    ],
    ["metadata with store", chat, { metadata: { job: "a" }, store: true }],
    ["metadata in responses, which are stored", responses, { metadata: { job: "a" } }],
    [
      "JSON asked for in words",
      chat,
      { response_format: json_object, messages: [{ ...user, content: [{ type: "text", text: "as JSON" }] }] },
    ],
    [
      "JSON asked for in the input",
      responses,
      { text: { format: json_object }, input: [{ role: "developer", content: "Give json." }] },
    ],
    [
      "a choice among the tools",
      chat,
      { tools: nested("f", "g"), tool_choice: { type: "function", function: { name: "g" } } },
    ],
    [
      "a choice among the tools of responses",
      responses,
      { tools: flat("f"), tool_choice: { type: "function", name: "f" } },
    ],
    ["no tools and no choice", responses, { tools: [], tool_choice: "auto", parallel_tool_calls: true }],
    [
      "an output of a call in a conversation, a call of a custom tool",
      responses,
      { input: [customCalled, customOutput] },
    ],
    ["an output in a conversation", responses, { input: [output], conversation: "conv_1" }],
    ["an output after a stored prompt", responses, { input: [output], prompt: { id: "pmpt_1" } }],
    ["no metadata without store", chat, { metadata: {} }],
    ["one limit, and a null", chat, { max_tokens: null, max_completion_tokens: 5 }],
    ["a required tool of a stored prompt", responses, { tool_choice: "required", prompt: { id: "pmpt_1" } }],
    ["no choice", responses, { tool_choice: "none" }],
    [
      "a choice among the tools of a server",
      responses,
      {
        tools: [...flat("f"), { type: "mcp", server_label: "s" }],
        tool_choice: { type: "function", name: "g" },
      },
    ],
    ["tools of names of their own", chat, { tools: nested("f", "g") }],
    ["a name of a speaker", chat, { messages: [{ ...user, name: "Ada-L_1.é" }] }],
    ["JSON asked for before", responses, { text: { format: json_object }, previous_response_id: "resp_1" }],
    ["whole characters", chat, { messages: [{ ...user, content: "\ud83d\ude00" }] }],
    [
      "a choice of a tool of the service, whatever its version",
      responses,
      { tools: [{ type: "image_generation" }], tool_choice: { type: "image_generation" } },
    ],
    [
      "a choice of a server",
      responses,
      {
        tools: [{ type: "mcp", server_label: "s", server_url: "https://a.example" }],
        tool_choice: { type: "mcp", server_label: "s" },
      },
    ],
    [
      "allowed tools",
      chat,
      {
        tools: nested("f", "g"),
        tool_choice: { type: "allowed_tools", allowed_tools: { mode: "auto", tools: nested("g") } },
      },
    ],
    [
      "two thoughts before a call",
      responses,
      { input: [thought, { ...thought, id: "rs_2" }, called, output] },
    ],
    [
      "the answer of a computer to its call",
      responses,
      {
        input: [
          { type: "computer_call", id: "cu_1", call_id: "c1" },
          { type: "computer_call_output", call_id: "c1", output: {} },
        ],
      },
    ],
    ["a file as a data URL", chat, { messages: [file({ file_data: "data:application/pdf;base64,AAAA" })] }],
    ["a file by its id", chat, { messages: [file({ file_id: "file-1" })] }],
    ["sound, asked for twice", chat, { modalities: ["audio"], audio: { format: "wav", voice: "alloy" } }],
    ["a prediction alone", chat, { prediction: { type: "content", content: "a" }, n: 1 }],
    [
      "a compressed jpeg",
      "/v1/images/generations",
      { model: "gpt-image-2", prompt: "a", output_format: "jpeg", output_compression: 50 },
    ],
    ["an image as a data URL", chat, { messages: [image("data:image/jpeg;base64,/9j/4AAQ")] }],
  ])("agrees: %s", (_, url, given) => {
    expect(problemsOf(url, { ...bodies[url], ...given }, { closedNames: true })).toEqual([]);
  });

  it.each<[string, Endpoint, object, string]>([
    [
      "an answer without its call",
      chat,
      { messages: [user, answer("a")] },
      "error invalid_value body.messages[1].tool_call_id",
    ],
    [
      "an answer to another call",
      chat,
      { messages: [calls("a"), answer("a"), answer("b")] },
      "error invalid_value body.messages[2].tool_call_id",
    ],
    [
      "a call without its answer",
      chat,
      { messages: [calls("a", "b"), answer("a"), user] },
      "error invalid_value body.messages[0].tool_calls",
    ],
    [
      "a last call without its answer",
      chat,
      { messages: [user, calls("a")] },
      "error invalid_value body.messages[1].tool_calls",
    ],
    [
      "an output without its call",
      responses,
      { input: [user, output] },
      "error invalid_value body.input[1].call_id",
    ],
    [
      "a call of a custom tool without its output",
      responses,
      { input: [customCalled] },
      "error invalid_value body.input[0].call_id",
    ],
    [
      "an output of a function to a call of a custom tool",
      responses,
      { input: [customCalled, customOutput, output] },
      "error invalid_value body.input[2].call_id",
    ],
    [
      "a call without its output",
      responses,
      { input: [called] },
      "error invalid_value body.input[0].call_id",
    ],
    [
      "metadata without store",
      chat,
      { metadata: { job: "a" } },
      "error conflicting_parameters body.metadata",
    ],
    [
      "JSON that nobody asks for",
      chat,
      { response_format: json_object },
      "error invalid_value body.response_format",
    ],
    [
      "JSON asked for in instructions alone",
      responses,
      { text: { format: json_object }, instructions: "json" },
      "error invalid_value body.text.format",
    ],
    ["an empty list of tools", chat, { tools: [] }, "error invalid_value body.tools"],
    [
      "a choice without tools",
      chat,
      { tool_choice: "auto" },
      "error conflicting_parameters body.tool_choice",
    ],
    [
      "parallel calls without tools",
      chat,
      { parallel_tool_calls: false },
      "error conflicting_parameters body.parallel_tool_calls",
    ],
    [
      "a required tool without tools",
      responses,
      { tool_choice: "required" },
      "error conflicting_parameters body.tool_choice",
    ],
    [
      "a choice that is not there",
      chat,
      { tools: nested("f"), tool_choice: { type: "function", function: { name: "g" } } },
      "error invalid_value body.tool_choice",
    ],
    [
      "a choice that is not there in responses",
      responses,
      { tools: flat("f"), tool_choice: { type: "function", name: "g" } },
      "error invalid_value body.tool_choice",
    ],
    ["two tools of one name", chat, { tools: nested("f", "f") }, "warning likely_refused body.tools[1]"],
    [
      "two tools of one name in responses",
      responses,
      { tools: flat("f", "f") },
      "warning likely_refused body.tools[1]",
    ],
    [
      "a name with a slash",
      chat,
      { tools: nested("files/read") },
      "error invalid_value body.tools[0].function.name",
    ],
    [
      "a name that is too long",
      responses,
      { tools: flat("f".repeat(65)) },
      "error invalid_value body.tools[0].name",
    ],
    ["a blank name", responses, { tools: flat(" ") }, "error invalid_value body.tools[0].name"],
    [
      "a name of a speaker with a blank",
      chat,
      { messages: [{ ...user, name: "Ada L" }] },
      "error invalid_value body.messages[0].name",
    ],
    [
      "an image in a message of the system",
      chat,
      { messages: [{ ...image("https://example.com/a.png"), role: "system" }] },
      "error invalid_value body.messages[0].content[0].type",
    ],
    [
      "an image in an answer",
      chat,
      { messages: [{ ...image("https://example.com/a.png"), role: "assistant" }] },
      "error invalid_value body.messages[0].content[0].type",
    ],
    [
      "a data URL without base64",
      chat,
      { messages: [image("data:image/png,abc")] },
      "error invalid_value body.messages[0].content[0].image_url.url",
    ],
    [
      "a data URL of another kind",
      chat,
      { messages: [image("data:application/pdf;base64,AAAA")] },
      "error invalid_value body.messages[0].content[0].image_url.url",
    ],
    [
      "base64 without its data URL",
      chat,
      { messages: [image("iVBORw0K".repeat(20))] },
      "error invalid_value body.messages[0].content[0].image_url.url",
    ],
    [
      "tools of two kinds with one name",
      chat,
      { tools: [...nested("f"), custom] },
      "warning likely_refused body.tools[1]",
    ],
    [
      "two tools of one name in a namespace",
      responses,
      { tools: [{ type: "namespace", name: "n", tools: flat("f", "f") }] },
      "warning likely_refused body.tools[0].tools[1]",
    ],
    [
      "two servers of one label",
      responses,
      {
        tools: ["a", "b"].map((host) => ({
          type: "mcp",
          server_label: "s",
          server_url: `https://${host}.example`,
        })),
      },
      "warning likely_refused body.tools[1]",
    ],
    [
      "a namespace with a blank",
      responses,
      { tools: [{ type: "namespace", name: "a b", tools: flat("f") }] },
      "warning likely_refused body.tools[0].name",
    ],
    [
      "more tools than are taken",
      chat,
      { tools: nested(...Array.from({ length: 129 }, (_, index) => `f${index}`)) },
      "error invalid_value body.tools",
    ],
    [
      "a choice of a tool of the service that is not there",
      responses,
      { tools: flat("f"), tool_choice: { type: "image_generation" } },
      "error invalid_value body.tool_choice",
    ],
    [
      "a choice of a server that is not there",
      responses,
      {
        tools: [{ type: "mcp", server_label: "s", server_url: "https://a.example" }],
        tool_choice: { type: "mcp", server_label: "t" },
      },
      "error invalid_value body.tool_choice",
    ],
    [
      "an allowed tool that is not there",
      chat,
      {
        tools: nested("f"),
        tool_choice: { type: "allowed_tools", allowed_tools: { mode: "auto", tools: nested("g") } },
      },
      "warning likely_refused body.tool_choice",
    ],
    [
      "an allowed tool of responses that is not there",
      responses,
      { tools: flat("f"), tool_choice: { type: "allowed_tools", mode: "auto", tools: flat("g") } },
      "warning likely_refused body.tool_choice",
    ],
    [
      "an empty list of calls",
      chat,
      { messages: [user, { role: "assistant", content: "Hi", tool_calls: [] }] },
      "warning likely_refused body.messages[1].tool_calls",
    ],
    [
      "two calls of one id",
      chat,
      { messages: [user, calls("a", "a"), answer("a")] },
      "warning likely_refused body.messages[1].tool_calls",
    ],
    [
      "an output before its call",
      responses,
      { input: [output, called] },
      "warning likely_refused body.input[0].call_id",
    ],
    [
      "two outputs of one call",
      responses,
      { input: [called, output, output] },
      "warning likely_refused body.input[2].call_id",
    ],
    [
      "two calls of one id in responses",
      responses,
      { input: [called, called, output] },
      "warning likely_refused body.input[1].call_id",
    ],
    [
      "an output of a computer without its call",
      responses,
      { input: [{ type: "computer_call_output", call_id: "c1", output: {} }] },
      "warning likely_refused body.input[0].call_id",
    ],
    [
      "an output of a shell without its call",
      responses,
      { input: [{ type: "shell_call_output", call_id: "s1", output: [] }] },
      "warning likely_refused body.input[0].call_id",
    ],
    [
      "a patch that nobody made",
      responses,
      { input: [{ type: "apply_patch_call_output", call_id: "p1", status: "completed" }] },
      "warning likely_refused body.input[0].call_id",
    ],
    [
      "a file as a data URL without base64",
      chat,
      { messages: [file({ file_data: "data:application/pdf,a" })] },
      "error invalid_value body.messages[0].content[0].file.file_data",
    ],
    [
      "a prediction with logprobs",
      chat,
      { prediction: { type: "content", content: "a" }, logprobs: true },
      "warning likely_refused body.logprobs",
    ],
    [
      "a prediction with tools",
      chat,
      { prediction: { type: "content", content: "a" }, tools: nested("f") },
      "warning likely_refused body.tools",
    ],
    [
      "an approval that nobody asked for",
      responses,
      { input: [{ type: "mcp_approval_response", approval_request_id: "r", approve: true }] },
      "warning likely_refused body.input[0].approval_request_id",
    ],
    ["a thought at the end", responses, { input: [user, thought] }, "error invalid_value body.input[1]"],
    [
      "a thought before a message of the user",
      responses,
      { input: [thought, user] },
      "error invalid_value body.input[0]",
    ],
    [
      "a prediction of several",
      chat,
      { prediction: { type: "content", content: "a" }, n: 2 },
      "warning likely_refused body.n",
    ],
    [
      "a prediction with a limit",
      chat,
      { prediction: { type: "content", content: "a" }, max_completion_tokens: 5 },
      "warning likely_refused body.max_completion_tokens",
    ],
    [
      "sound that nobody says how to make",
      chat,
      { modalities: ["audio"] },
      "warning likely_refused body.modalities",
    ],
    [
      "sound that nobody asks for",
      chat,
      { audio: { format: "wav", voice: "alloy" } },
      "warning likely_refused body.audio",
    ],
    [
      "a compressed png",
      "/v1/images/generations",
      { model: "gpt-image-2", prompt: "a", output_compression: 50 },
      "error conflicting_parameters body.output_compression",
    ],
    [
      "a transparent jpeg",
      "/v1/images/generations",
      { model: "gpt-image-2", prompt: "a", output_format: "jpeg", background: "transparent" },
      "warning likely_refused body.background",
    ],
    [
      "a file that is base64 alone",
      chat,
      { messages: [file({ file_data: "AAAA", filename: "a.pdf" })] },
      "error invalid_value body.messages[0].content[0].file.file_data",
    ],
    [
      "a file that is nowhere",
      chat,
      { messages: [file({ filename: "a.pdf" })] },
      "warning likely_refused body.messages[0].content[0].file",
    ],
    [
      "an image that is nowhere",
      responses,
      { input: [{ role: "user", content: [{ type: "input_image" }] }] },
      "warning likely_refused body.input[0].content[0]",
    ],
    [
      "sound as a data URL",
      chat,
      {
        messages: [
          {
            role: "user",
            content: [{ type: "input_audio", input_audio: { data: "data:a", format: "wav" } }],
          },
        ],
      },
      "warning likely_refused body.messages[0].content[0].input_audio.data",
    ],
    [
      "half a character",
      chat,
      { messages: [{ ...user, content: half }] },
      "warning half_character body.messages[0].content",
    ],
  ])("disagrees: %s", (_, url, given, expected) => {
    const body = { ...bodies[url], ...given };
    expect(problemsOf(url, body, { closedNames: true })).toEqual([expected]);
    const [severity, code, path] = expected.split(" ");
    const elsewhere = code === "half_character" ? severity : "note";
    expect(problemsOf(url, body, { closedNames: true, target: "openbatch" })).toEqual([
      `${elsewhere} ${code} ${path}`,
    ]);
  });

  it.each([
    ["a description", { description: half }, "description"],
    ["an enum", { properties: { a: { type: "string", enum: ["a", half] } } }, "properties.a.enum[1]"],
    ["the name of a property", { properties: { [half]: {} } }, String.raw`properties["cut \ud83d"]`],
  ])("has half a character in %s of a schema", (_, members, path) => {
    const schema = { type: "object", ...members };
    const response_format = { type: "json_schema", json_schema: { name: "a", schema } };
    expect(problemsOf(chat, { ...bodies[chat], response_format })).toEqual([
      `warning half_character body.response_format.json_schema.schema.${path}`,
    ]);
  });

  it("has half a character in a key, and in what is let through", () => {
    const body = { ...bodies[chat], store: true, metadata: { [half]: "a" }, extra: [{ deep: [1, half] }] };
    expect(problemsOf(chat, body, { allowUnknownParameters: true })).toEqual([
      String.raw`warning half_character body.metadata["cut \ud83d"]`,
      "warning half_character body.extra[0].deep[1]",
    ]);
  });

  it("has what was there before tools in both places", () => {
    const functions = [{ name: "f", parameters: {} }];
    const of = (given: object) =>
      problemsOf(chat, { ...bodies[chat], ...given }).filter((found) => !found.includes("deprecated"));
    expect(of({ function_call: "auto" })).toEqual(["error conflicting_parameters body.function_call"]);
    expect(of({ functions, function_call: { name: "g" } })).toEqual([
      "warning likely_refused body.function_call",
    ]);
    expect(of({ functions: [...functions, ...functions] })).toEqual([
      "warning likely_refused body.functions[1]",
    ]);
    expect(of({ functions, function_call: { name: "f" } })).toEqual([]);
  });

  it("has one limit of tokens", () => {
    const found = problemsOf(chat, { ...bodies[chat], max_tokens: 5, max_completion_tokens: 5 });
    expect(found).toContain("error conflicting_parameters body.max_tokens");
  });
});
