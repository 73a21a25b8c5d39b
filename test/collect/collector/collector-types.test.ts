import { join } from "node:path";
import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { BatchCollector, type RequestRef } from "../../../src/index.js";
import { temporaryFolder } from "../../temporary-folder.js";

/** What is below is checked by the compiler; nothing of it runs. */
const neverRun = false as boolean;
const collector = neverRun
  ? new BatchCollector(join(temporaryFolder(), "requests.jsonl"))
  : ({} as BatchCollector);
const base = { custom_id: "a", model: "gpt-4o" } as const;
const messages = [{ role: "user" as const, content: "x" }];
const City = z.object({ city: z.string(), population: z.number().nullable() });

function compile(_: () => unknown): void {}

describe("the compiler", () => {
  it("knows what the result of a request will hold", () => {
    compile(() => {
      expectTypeOf(collector.chat.completions.create({ ...base, messages })).toEqualTypeOf<RequestRef>();
      expectTypeOf(
        collector.chat.completions.parse({ ...base, messages, response_format: City }),
      ).toEqualTypeOf<RequestRef<{ city: string; population: number | null }>>();
      expectTypeOf(collector.responses.parse({ ...base, input: "x", text_format: City })).toEqualTypeOf<
        RequestRef<{ city: string; population: number | null }>
      >();
      const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"] } as const;
      expectTypeOf(collector.responses.parse({ ...base, input: "x", text_format: schema })).toEqualTypeOf<
        RequestRef<{ a: string }>
      >();
    });
  });

  it("lets the parameters of the official client through, and parse where there may be a schema", () => {
    compile(() => {
      collector.chat.completions.create({
        ...base,
        messages,
        stream: false,
        temperature: null,
        metadata: { a: "b" },
      });
      const schema = neverRun ? City : undefined;
      collector.chat.completions.parse({ ...base, messages, response_format: schema });
      expectTypeOf(
        collector.chat.completions.parse({ ...base, messages, response_format: undefined }),
      ).toEqualTypeOf<RequestRef<unknown>>();
      collector.responses.parse({ ...base, input: "x", text: { verbosity: "low" }, text_format: null });
      collector.chat.completions.create({ ...base, messages, response_format: { type: "json_object" } });
      collector.embeddings.create({ ...base, input: ["x"] });
      collector.embeddings.create({ ...base, inp: "x" });
      collector.images.edit({ ...base, prompt: "x", images: [{ image_url: "https://example.org/a.png" }] });
      collector.moderations.create({ custom_id: "a", input: "x" });
    });
  });

  it("refuses stream: true, wrong names, wrong values and what is missing", () => {
    compile(() => {
      // @ts-expect-error a batch cannot stream
      collector.chat.completions.create({ ...base, messages, stream: true });
      // @ts-expect-error a misspelt parameter
      collector.chat.completions.create({ ...base, messages, temprature: 1 });
      // @ts-expect-error a wrong type
      collector.chat.completions.create({ ...base, messages, temperature: "hot" });
      // @ts-expect-error messages are required
      collector.chat.completions.create({ ...base });
      // @ts-expect-error a custom_id is required
      collector.chat.completions.create({ model: "gpt-4o", messages });
      // @ts-expect-error a batch cannot stream
      collector.chat.completions.parse({ ...base, messages, response_format: City, stream: true });
      // @ts-expect-error parse without a schema is create
      collector.chat.completions.parse({ ...base, messages });
      // @ts-expect-error a schema goes to parse
      collector.chat.completions.create({ ...base, messages, response_format: City });
      // @ts-expect-error the other endpoint's name for a schema
      collector.chat.completions.parse({ ...base, messages, response_format: City, text_format: City });
      // @ts-expect-error another endpoint's parameter
      collector.responses.create({ ...base, input: "x", max_tokens: 5 });
      // @ts-expect-error not both
      collector.embeddings.create({ ...base, input: "x", inp: "x" });
      // @ts-expect-error neither
      collector.embeddings.create({ ...base });
      // @ts-expect-error an upload does not fit into a line
      collector.images.edit({ ...base, prompt: "x", image: new File([], "a.png") });
      // @ts-expect-error not an endpoint of the Batch API
      collector.add({ custom_id: "a", url: "/v1/audio/speech", body: {} });
    });
  });

  it("refuses the same in what a callback of a bulk call gives", () => {
    compile(() => {
      const rows = [{ id: "a", text: "x" }];
      void collector.chat.completions.createMany(rows, (row) => ({
        custom_id: row.id,
        model: "gpt-4o",
        messages: [{ role: "user", content: row.text }],
      }));
      void collector.chat.completions.parseMany(rows, (row) => ({
        custom_id: row.id,
        model: "gpt-4o",
        messages: [{ role: "user", content: row.text }],
        response_format: City,
      }));
      void collector.chat.completions.createMany(rows, (row) => ({
        custom_id: row.id,
        model: "m",
        messages,
        // @ts-expect-error a batch cannot stream
        stream: true,
      }));
      void collector.chat.completions.createMany(rows, (row) => ({
        custom_id: row.id,
        model: "m",
        messages,
        // @ts-expect-error a misspelt parameter
        seeed: 1,
      }));
      void collector.responses.createMany(rows, (row) => ({
        custom_id: row.id,
        model: "m",
        input: row.text,
        // @ts-expect-error another endpoint's parameter
        seed: 1,
      }));
      void collector.responses.parseMany(rows, (row) => ({
        custom_id: row.id,
        model: "m",
        input: row.text,
        text_format: City,
        // @ts-expect-error a misspelt parameter
        textformat: City,
      }));
      // @ts-expect-error parse without a schema is create
      void collector.responses.parseMany(rows, (row) => ({
        custom_id: row.id,
        model: "m",
        input: row.text,
      }));
      // @ts-expect-error no such column
      void collector.embeddings.createMany(rows, (row) => ({ custom_id: row.name, model: "m", input: "x" }));
    });
  });
});
