import OpenAI from "openai";
import { LengthFinishReasonError } from "openai/core/error";
import { zodFunction, zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createRehearsal } from "../../src/rehearse/index.js";

const City = z.object({
  name: z.string(),
  founded: z.iso.date(),
  people: z.int().min(0),
  mayor: z.string().nullable(),
});

/** The official client, whose requests a rehearsal answers. */
function clientOf(...faults: readonly string[]): OpenAI {
  const rehearsal = createRehearsal({ faults });
  const attempts = new Map<string, number>();
  return new OpenAI({
    apiKey: "none",
    baseURL: "http://127.0.0.1/v1",
    fetch: async (input, init) => {
      const body = String(init?.body);
      const attempt = (attempts.get(body) ?? 0) + 1;
      attempts.set(body, attempt);
      const url = new URL(String(input)).pathname;
      const answer = rehearsal.answer({ custom_id: undefined, url, body, attempt });
      if (answer.kind !== "response") throw new TypeError("fetch failed");
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
  });
}

const messages = [{ role: "user" as const, content: "Which city is it?" }];

describe("the official client", () => {
  it("parses rehearsed structured outputs", async () => {
    const format = zodResponseFormat(City, "city");
    const chat = await clientOf().chat.completions.parse({
      model: "gpt-4o",
      messages,
      response_format: format,
    });
    expect(City.safeParse(chat.choices[0]?.message.parsed).success).toBe(true);
    const text = { format: zodTextFormat(City, "city") };
    const response = await clientOf().responses.parse({ model: "gpt-5", input: "Which city is it?", text });
    expect(City.safeParse(response.output_parsed).success).toBe(true);
  });

  it("parses the arguments of a rehearsed call", async () => {
    const tools = [zodFunction({ name: "save", parameters: City })];
    const chat = await clientOf().chat.completions.parse({
      model: "gpt-4o",
      messages,
      tools,
      tool_choice: "required",
    });
    expect(City.safeParse(chat.choices[0]?.message.tool_calls?.[0]?.function.parsed_arguments).success).toBe(
      true,
    );
  });

  it("puts the text of a rehearsed response together", async () => {
    const { output_text } = await clientOf().responses.create({ model: "gpt-5", input: "Hi" });
    expect(output_text).toMatch(/^This is a rehearsal/);
  });

  it("reads rehearsed vectors, for which it asks in base64", async () => {
    const { data } = await clientOf().embeddings.create({ model: "text-embedding-3-small", input: "text" });
    expect(data[0]?.embedding).toHaveLength(1536);
    expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
  });

  it("takes rehearsed errors for the service's own, with the id of the request", async () => {
    await expect(clientOf("401:*").models.list()).rejects.toThrow();
    const refused = clientOf("400:*").chat.completions.create({ model: "gpt-4o", messages });
    await expect(refused).rejects.toMatchObject({
      constructor: OpenAI.BadRequestError,
      code: "context_length_exceeded",
      requestID: expect.stringMatching(/^req_/),
    });
  });

  it("tries again after a rehearsed 429, and gets its answer", async () => {
    const client = clientOf("429:*:0:x1");
    const chat = await client.chat.completions.create({ model: "gpt-4o", messages });
    expect(chat.choices).toHaveLength(1);
  });

  it("says that a truncated answer is one", async () => {
    const format = zodResponseFormat(City, "city");
    const parse = clientOf("truncation:*").chat.completions.parse({
      model: "gpt-4o",
      messages,
      response_format: format,
    });
    await expect(parse).rejects.toBeInstanceOf(LengthFinishReasonError);
  });
});
