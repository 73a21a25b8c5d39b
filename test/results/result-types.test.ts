import type { ChatCompletion } from "openai/resources/chat/completions";
import type { CreateEmbeddingResponse } from "openai/resources/embeddings";
import { describe, expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { RequestRef } from "../../src/collect/collector/request-ref.js";
import { toFormat } from "../../src/format/make/to-format.js";
import type { ResponseBody } from "../../src/results/answer/answer-bodies.js";
import type { Result } from "../../src/results/answer/result.js";
import { openResults } from "../../src/results/reader/open-results.js";
import { readResults } from "../../src/results/reader/read-results.js";
import type { Results } from "../../src/results/reader/results.js";

/** What is below is checked by the compiler; nothing of it runs. */
const City = z.object({ city: z.string() });
const Person = z.object({ name: z.string() });
type CityValue = { city: string };
type PersonValue = { name: string };

function compile(_: () => unknown): void {}

describe("the compiler", () => {
  it("knows what a format makes of an answer", () => {
    compile(async () => {
      for await (const result of readResults({ results: "a", format: City })) {
        expectTypeOf(result).toEqualTypeOf<Result<CityValue>>();
        expectTypeOf(result.unwrap().parsed).toEqualTypeOf<CityValue>();
        expectTypeOf(result.custom_id).toEqualTypeOf<string>();
        if (result.status !== "succeeded") continue;
        expectTypeOf(result.parsed).toEqualTypeOf<CityValue | undefined>();
        if (result.problem === undefined) expectTypeOf(result.parsed).toEqualTypeOf<CityValue>();
        else expectTypeOf(result.parsed).toEqualTypeOf<undefined>();
      }
      const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"] } as const;
      for await (const result of readResults({ results: "a", format: schema })) {
        expectTypeOf(result.unwrap().parsed).toEqualTypeOf<{ a: string }>();
      }
      for await (const result of readResults({ results: "a", format: toFormat(City) })) {
        expectTypeOf(result.unwrap().parsed).toEqualTypeOf<CityValue>();
      }
    });
  });

  it("tells answers apart by the name of their format", () => {
    compile(async () => {
      const formats = { city: City, person: Person };
      for await (const result of readResults({ results: "a", requests: "b", formats })) {
        const usable = result.unwrap();
        expectTypeOf(usable.format).toEqualTypeOf<"city" | "person" | undefined>();
        if (usable.format === "city") expectTypeOf(usable.parsed).toEqualTypeOf<CityValue>();
        if (usable.format === "person") expectTypeOf(usable.parsed).toEqualTypeOf<PersonValue>();
        if (usable.format === undefined) expectTypeOf(usable.parsed).toEqualTypeOf<undefined>();
        if (result.status !== "succeeded" || result.problem !== undefined) continue;
        if (result.format === "person") expectTypeOf(result.parsed).toEqualTypeOf<PersonValue>();
        // @ts-expect-error no such format
        if (result.format === "planet") return;
        // @ts-expect-error it is not known which format it has
        void result.parsed.name;
      }
    });
  });

  it("gives unknown where no format is given", () => {
    compile(async () => {
      for await (const result of readResults({ results: "a" })) {
        expectTypeOf(result).toEqualTypeOf<Result>();
        expectTypeOf(result.unwrap().parsed).toEqualTypeOf<unknown>();
        expectTypeOf(result.unwrap().format).toEqualTypeOf<string | undefined>();
      }
    });
  });

  it("tells results apart by status", () => {
    compile((result: Result = {} as Result) => {
      switch (result.status) {
        case "succeeded":
          expectTypeOf(result.text).toEqualTypeOf<string | undefined>();
          expectTypeOf(result.embedding).toEqualTypeOf<Float32Array | undefined>();
          break;
        case "failed":
          expectTypeOf(result.retryable).toEqualTypeOf<boolean>();
          expectTypeOf(result.error.message).toEqualTypeOf<string>();
          break;
        case "expired":
        case "cancelled":
          expectTypeOf(result.error.code).toEqualTypeOf<string | undefined>();
          break;
        case "unreadable":
          expectTypeOf(result.line).toEqualTypeOf<number>();
          break;
        case "missing":
          // @ts-expect-error it was read from no line
          void result.line;
          break;
        default:
          expectTypeOf(result).toEqualTypeOf<never>();
      }
    });
  });

  it("tells bodies apart by url", () => {
    compile((result: Result<CityValue> = {} as Result<CityValue>) => {
      // @ts-expect-error not every result has a body
      void result.body;
      if (result.status !== "succeeded") return;
      if (result.url === "/v1/chat/completions") expectTypeOf(result.body).toEqualTypeOf<ChatCompletion>();
      if (result.url === "/v1/embeddings") expectTypeOf(result.body).toEqualTypeOf<CreateEmbeddingResponse>();
      if (result.url === undefined) expectTypeOf(result.body).toEqualTypeOf<unknown>();
      if (result.url !== "/v1/responses") return;
      expectTypeOf(result.body).toEqualTypeOf<ResponseBody>();
      // @ts-expect-error the SDK alone has it
      void result.body.output_text;
      // @ts-expect-error no such endpoint
      if (result.url === "/v1/chat") return;
    });
  });

  it("lets nothing be changed", () => {
    compile((result: Result = {} as Result) => {
      // @ts-expect-error it is read-only
      result.custom_id = "b";
      // @ts-expect-error it is read-only
      if (result.status === "succeeded") result.toolCalls.push();
    });
  });

  it("knows which result belongs to a request", () => {
    compile(async (city = {} as RequestRef<CityValue>, plain = {} as RequestRef) => {
      const one = await openResults({ results: "a", format: City });
      expectTypeOf(one).toEqualTypeOf<Results<Result<CityValue>>>();
      expectTypeOf((await one.get(city))?.unwrap().parsed).toEqualTypeOf<CityValue | undefined>();
      expectTypeOf((await one.get(plain))?.unwrap().parsed).toEqualTypeOf<CityValue | undefined>();
      expectTypeOf((await one.get("a"))?.unwrap().parsed).toEqualTypeOf<CityValue | undefined>();
      const formats = { city: City, person: Person };
      const many = await openResults({ results: "a", requests: "b", formats });
      expectTypeOf((await many.get(city))?.unwrap().parsed).toEqualTypeOf<CityValue | undefined>();
      expectTypeOf((await many.get("a"))?.unwrap().parsed).toEqualTypeOf<
        CityValue | PersonValue | undefined
      >();
      const none = await openResults({ results: "a" });
      expectTypeOf((await none.get(city))?.unwrap().parsed).toEqualTypeOf<unknown>();
      const result = await one.get("a");
      if (result !== undefined) expectTypeOf(one.has(result)).toEqualTypeOf<boolean>();
      // @ts-expect-error a number is no id
      void one.get(5);
    });
  });

  it("refuses options that there are not, and wrong values", () => {
    compile(() => {
      readResults({
        results: ["a", new URL("file:///b")],
        requests: "c",
        order: "found",
        signal: AbortSignal.abort(),
      });
      readResults({ results: "a", onStray: ({ kind }) => expectTypeOf(kind).toExtend<string>() });
      // @ts-expect-error results are required
      readResults({ requests: "a" });
      // @ts-expect-error a misspelt option
      readResults({ results: "a", requets: "b" });
      // @ts-expect-error a misspelt option beside a format
      readResults({ results: "a", format: City, requets: "b" });
      // @ts-expect-error it is called format
      readResults({ results: "a", schema: City });
      // @ts-expect-error no such order
      readResults({ results: "a", order: "line" });
      // @ts-expect-error a name is no schema
      readResults({ results: "a", format: "city" });
      // @ts-expect-error a schema is no map of schemas
      readResults({ results: "a", requests: "b", formats: [City, 5] });
      // @ts-expect-error opened results list their strays
      void openResults({ results: "a", onStray: () => {} });
    });
  });
});
