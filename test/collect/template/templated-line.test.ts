import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchJobManager } from "../../../src/collect/template/batch-job-manager.js";
import { ChatCompletionsRequest } from "../../../src/collect/template/chat-completions-request.js";
import { PromptTemplate } from "../../../src/collect/template/prompt-template.js";
import type { TemplateValue } from "../../../src/collect/template/prompt-template-variables.js";
import { ResponsesRequest } from "../../../src/collect/template/responses-request.js";
import { compileTemplatedBody } from "../../../src/collect/template/templated-line.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
let files = 0;

const anyText = fc.string({ unit: "binary", maxLength: 12 });
/** Texts that begin or end with half a surrogate pair, or hold what JSON escapes. */
const roughText = fc.oneof(
  anyText,
  fc.constantFrom("\ud83d", "\ude00", '"', "\\", "\u2028", "\u0085", "\ue000", "\u0000", "{x}"),
  fc
    .array(fc.constantFrom("\ud83d", "\ude00", "a", "\ue000", "\ue001"), { maxLength: 4 })
    .map((found) => found.join("")),
);
const anyValue: fc.Arbitrary<TemplateValue> = fc.oneof(
  roughText,
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.boolean(),
);
const doubled = (text: string) => text.replace(/[{}]/g, "$&$&");

/** Literal text, `{a}` and `{b}` in any order. */
const templateText = fc
  .array(fc.oneof(roughText.map(doubled), fc.constantFrom("{a}", "{b}")), { maxLength: 6 })
  .map((found) => found.join(""));

async function write(
  instances: readonly object[],
  options: { text: string; system: string; isChat: boolean },
) {
  files += 1;
  const saveFilePath = join(folder, `${files}.jsonl`);
  const parameters = { model: "gpt-4o-mini", metadata: { note: options.system }, store: true };
  const manager = new BatchJobManager();
  await manager.addTemplatedInstances({
    prompt: new PromptTemplate([
      { role: "system", content: doubled(options.system) },
      { role: "user", content: [{ type: "text", text: options.text }] },
      { role: "user", content: options.text },
    ]),
    commonRequest: options.isChat ? new ChatCompletionsRequest(parameters) : new ResponsesRequest(parameters),
    inputInstances: instances as readonly { custom_id: string; promptValueMapping: Record<string, string> }[],
    saveFilePath,
    suppressWarnings: true,
  });
  manager.close();
  return readFileSync(saveFilePath, "utf8");
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

describe("a rendered line", () => {
  test("is the line that the whole check writes, whatever the text", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ text: templateText, system: roughText, isChat: fc.boolean() }),
        fc.array(fc.record({ a: anyValue, b: anyValue }), { minLength: 2, maxLength: 4 }),
        async (options, mappings) => {
          const instances = mappings.map((promptValueMapping, index) => ({
            custom_id: `${index}`,
            promptValueMapping,
          }));
          const rendered = await write(instances, options);
          // Parameters of its own, even none, send an instance the long way.
          const whole = await write(
            instances.map((instance) => ({ ...instance, instanceRequestOptions: {} })),
            options,
          );
          const parse = (text: string) =>
            text
              .trimEnd()
              .split("\n")
              .map((line) => JSON.parse(line));
          expect(parse(rendered)).toEqual(parse(whole));
          const texts = [
            options.text,
            options.system,
            ...mappings.flatMap(({ a, b }) => [String(a), String(b)]),
          ];
          // Two halves of a pair, one from the template and one from a value, are escaped apart: the same value.
          if (!texts.some((text) => loneSurrogate.test(text))) expect(rendered).toBe(whole);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("compileTemplatedBody", () => {
  const compile = (template: PromptTemplate, more: { ignoreWarnings?: boolean; common?: object } = {}) =>
    compileTemplatedBody(template, {
      url: "/v1/chat/completions",
      toBody: (values) => ({ model: "m", ...more.common, messages: template.format(values) }),
      ignoreWarnings: more.ignoreWarnings ?? false,
    });
  const inText = new PromptTemplate([{ role: "user", content: "{x}" }]) as PromptTemplate;

  test("takes apart what all have in common and what is filled in", () => {
    const body = compile(inText);
    expect(body?.pieces).toEqual(['{"model":"m","messages":[{"role":"user","content":"', '"}]}']);
    expect(body?.fill("id", { x: 'a"b' })).toEqual(["id", 'a"b']);
    expect(body?.fill("id", { x: 1.5 })).toEqual(["id", "1.5"]);
  });

  test.each([
    ["{x} {y}", { x: "1", y: 2 }, ["1", "2"]],
    ["{x} {y}", { y: 2, x: "1" }, ["1", "2"]],
    ["{x} {y}", { x: "1", more: "3", y: 2 }, ["1", "2"]],
    ["{x} {y}", Object.assign(Object.create({ more: "3" }), { x: "1", y: 2 }), ["1", "2"]],
    ["{x} {y}", Object.assign(Object.create({ x: "3" }), { y: 2 }), undefined],
    ["{x} {y}", { x: "1", y: undefined }, undefined],
    ["{x} {y}", { x: "1" }, undefined],
    ["{x} {y} {x}", { x: "1", y: 2 }, ["1", "2", "1"]],
    ["{y} {y} {x}", { x: "1", y: 2 }, ["2", "2", "1"]],
    ["no hole", {}, []],
    ["no hole", { more: "3" }, []],
  ])("fills %j with the values of %j, in whatever order they are", (content, values, texts) => {
    const body = compile(new PromptTemplate([{ role: "user", content }]) as PromptTemplate);
    expect(body?.fill("id", values)).toEqual(texts && ["id", ...texts]);
  });

  test.each([[{}], [{ x: null }], [{ x: Number.NaN }], [{ x: {} }], [Object.create({ x: "inherited" })]])(
    "leaves the values %j to the whole check",
    (values) => {
      expect(compile(inText)?.fill("id", values)).toBeUndefined();
    },
  );

  test("leaves a template to the whole check where a rule could look into a value", () => {
    const image = { type: "image_url", image_url: { url: "{x}" } } as const;
    expect(
      compile(new PromptTemplate([{ role: "user", content: [{ ...image }] }]) as PromptTemplate),
    ).toBeUndefined();
  });

  test("leaves a body that is refused or warned of to the whole check", () => {
    expect(compile(inText, { common: { temperature: 99 }, ignoreWarnings: true })).toBeUndefined();
    expect(compile(inText, { common: { user: "someone" } })).toBeUndefined();
    expect(compile(inText, { common: { user: "someone" }, ignoreWarnings: true })).toBeDefined();
  });
});
