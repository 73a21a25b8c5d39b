import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ChatCompletionsRequest } from "../../../src/collect/template/chat-completions-request.js";
import { ReasoningConfig, ResponsesRequest } from "../../../src/collect/template/responses-request.js";

const City = z.object({ city: z.string() }).meta({ title: "city" });
const schema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

describe("a request object", () => {
  test("leaves undefined and the default of stream out, and keeps null", () => {
    const parameters = { model: "m", temperature: undefined, top_p: null, stream: false, user: "" };
    expect(new ResponsesRequest(parameters as object).body).toStrictEqual({
      model: "m",
      top_p: null,
      user: "",
    });
  });

  test("is not changed by what becomes of the parameters it was made of", () => {
    const parameters = { model: "m", temperature: 0.5 };
    const request = new ResponsesRequest(parameters);
    parameters.temperature = 1;
    expect(request.body).toEqual({ model: "m", temperature: 0.5 });
  });

  test("sends of a reasoning config what was given, and no effort of its own", () => {
    const reasoning = new ReasoningConfig({ summary: "auto" });
    expect(JSON.stringify(new ResponsesRequest({ reasoning }).body)).toBe('{"reasoning":{"summary":"auto"}}');
    expect({ ...new ReasoningConfig({ effort: "xhigh" }) }).toStrictEqual({ effort: "xhigh" });
  });

  test("asks for an output structure in the shape of responses, beside the verbosity", () => {
    const request = new ResponsesRequest({ text: { verbosity: "low" } }).setOutputStructure(City);
    expect(request.body).toEqual({
      text: {
        verbosity: "low",
        format: { type: "json_schema", name: "city", strict: true, schema: expect.objectContaining(schema) },
      },
    });
    expect(request.format?.name).toBe("city");
  });

  test("asks for an output structure in the shape of chat, under a name that was given", () => {
    const request = new ChatCompletionsRequest({ model: "m" }).setOutputStructure(schema, { name: "place" });
    expect(request.body).toEqual({
      model: "m",
      response_format: { type: "json_schema", json_schema: { name: "place", strict: true, schema } },
    });
    expect(request.format?.name).toBe("place");
  });

  test("replaces the messages that it had", () => {
    const request = new ChatCompletionsRequest({ model: "m", messages: [{ role: "user", content: "a" }] });
    expect(request.setInputMessages([{ role: "user", content: "b" }]).body).toEqual({
      model: "m",
      messages: [{ role: "user", content: "b" }],
    });
  });

  test("turns messages of chat into input items", () => {
    const request = new ResponsesRequest({ model: "m" });
    request.setInputMessages([{ role: "user", content: [{ type: "text", text: "x" }] }]);
    expect(request.body.input).toEqual([{ role: "user", content: [{ type: "input_text", text: "x" }] }]);
  });

  test("does not take what a batch cannot do, nor a misspelt name", () => {
    // @ts-expect-error a batch cannot stream
    new ResponsesRequest({ model: "m", stream: true });
    // @ts-expect-error the name is misspelt
    new ResponsesRequest({ model: "m", temprature: 1 });
    // @ts-expect-error there is no such effort
    new ReasoningConfig({ effort: "lots" });
    // @ts-expect-error chat needs a model
    new ChatCompletionsRequest({ temperature: 1 });
  });
});
