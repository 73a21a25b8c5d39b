import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Message } from "../../../src/collect/template/message.js";
import { PromptTemplate } from "../../../src/collect/template/prompt-template.js";
import type { TemplateValue } from "../../../src/collect/template/prompt-template-variables.js";
import { longText, manyBraces } from "./long-templates.js";

const copywriter = new PromptTemplate([
  { role: "system", content: "You are a marketing copywriter. Use {{braces}} wisely." },
  { role: "user", content: "Product: {product_name}, Features: {features}" },
]);

/** A template of one user message whose text the compiler does not know. */
const templateOf = (text: string) => new PromptTemplate([{ role: "user", content: text }]);

const formatText = (text: string, values: Record<string, TemplateValue>) => {
  const [message] = templateOf(text).format(values);
  return message !== undefined && "content" in message ? message.content : undefined;
};

/** What Python 3 gives for `text.format(**values)`. */
const goldenRows: readonly (readonly [string, Record<string, string | number>, string])[] = [
  ["{größe} {名前}", { größe: 3, 名前: "x" }, "3 x"],
  ["plain text", {}, "plain text"],
  ["{name}", { name: "Ann" }, "Ann"],
  ["{{name}}", {}, "{name}"],
  ["{{{name}}}", { name: "x" }, "{x}"],
  ["a{{b}}c{d}e", { d: "{d}" }, "a{b}c{d}e"],
  ["{a}{b}{a}", { a: "1", b: "2" }, "121"],
  ["{{}}", {}, "{}"],
  ["}}{{", {}, "}{"],
  ["{{{{{x}}}}}", { x: "y" }, "{{y}}"],
  ["line\n{x}\n", { x: "two\nlines" }, "line\ntwo\nlines\n"],
  ["naïve 日本語 {x} 😀", { x: "é😀" }, "naïve 日本語 é😀 😀"],
  ["{_x1} {X} {x}", { _x1: "a", X: "b", x: "c" }, "a b c"],
  ['{{"json": "{value}"}}', { value: 'say "hi"' }, '{"json": "say "hi""}'],
  ["{n} items", { n: 3 }, "3 items"],
  ["{n}", { n: 0.5 }, "0.5"],
  ["{n}", { n: -12 }, "-12"],
  ["{__proto__}{constructor}", { ["__proto__"]: "p", constructor: "c" } as never, "pc"],
  ["\\{x}\\", { x: "\\" }, "\\\\\\"],
  ["{x}", { x: "" }, ""],
  ["100% $ {x} %s", { x: "{y} {{z}}" }, "100% $ {y} {{z}} %s"],
];

describe("PromptTemplate", () => {
  test.each(goldenRows)("formats %j with %j as Python does", (text, values, expected) => {
    expect(formatText(text, values)).toBe(expected);
  });

  test("puts values in place of placeholders, and braces in place of doubled ones", () => {
    expect(copywriter.format({ product_name: "AeroGlide Drone", features: "4K camera" })).toEqual([
      { role: "system", content: "You are a marketing copywriter. Use {braces} wisely." },
      { role: "user", content: "Product: AeroGlide Drone, Features: 4K camera" },
    ]);
  });

  test("names its variables in the order in which they first appear", () => {
    expect(copywriter.variables).toEqual(["product_name", "features"]);
    expect(templateOf("{b}{a}{b}").variables).toEqual(["b", "a"]);
  });

  test("writes numbers and booleans as JSON does", () => {
    expect(formatText("{a} {b} {c} {d}", { a: 1, b: -0, c: true, d: 1e21 })).toBe("1 0 true 1e+21");
  });

  test("gives the text of values back as it is, whatever they are", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(formatText("{{{a}|{self}}}", { a, self: b })).toBe(`{${a}|${b}}`);
      }),
    );
  });

  test("fills the text of parts and every other string of them, and keeps what else is there", () => {
    const template = new PromptTemplate([
      {
        role: "user",
        content: [
          { type: "text", text: "What is on {what}?" },
          { type: "image_url", image_url: { url: "{url}", detail: "low" } },
          { type: "file", file: { file_id: "file-{id}" } },
        ],
      },
    ]);
    expect(template.format({ what: "it", url: "https://example.com/{x}", id: 7 })).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "What is on it?" },
          { type: "image_url", image_url: { url: "https://example.com/{x}", detail: "low" } },
          { type: "file", file: { file_id: "file-7" } },
        ],
      },
    ]);
  });

  test("takes tool calls with their JSON, null content and the answers of tools", () => {
    const calls = {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":"{x}"}' } }],
    } as const;
    const template = new PromptTemplate([
      { role: "user", content: "Look at {x}." },
      { ...calls, tool_calls: [...calls.tool_calls] },
      { role: "tool", tool_call_id: "c1", content: "It is {answer}." },
      { type: "function_call", call_id: "c2", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "c2", output: "{answer}" },
    ]);
    expect(template.format({ x: "it", answer: "red" })).toEqual([
      { role: "user", content: "Look at it." },
      calls,
      { role: "tool", tool_call_id: "c1", content: "It is red." },
      { type: "function_call", call_id: "c2", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "c2", output: "red" },
    ]);
  });

  test("takes messages made by the class as well as plain ones", () => {
    const template = new PromptTemplate([new Message({ role: "user", content: "Hello {name}" })]);
    expect(template.format({ name: "Ann" })).toEqual([{ role: "user", content: "Hello Ann" }]);
  });

  test("refuses a brace with the message and the position", () => {
    const build = () =>
      new PromptTemplate([
        { role: "system", content: "ok" },
        { role: "user", content: 'Answer as\n{"name": "…"}' },
      ]);
    expect(build).toThrow(
      expect.objectContaining({
        code: "invalid_template",
        message: "Message 2 (user), line 2, column 1: what stands between { and } is no name.",
        hint: expect.stringContaining("Write {{ and }} for plain braces."),
      }),
    );
    const inPart = () => new PromptTemplate([{ role: "user", content: [{ type: "text", text: "}" }] }]);
    expect(inPart).toThrow("Message 1 (user), content[0].text, line 1, column 1:");
  });

  test.each([[[]], [undefined], ["text"], [[null]], [["text"]]])("refuses %j for messages", (messages) => {
    expect(() => new PromptTemplate(messages as never)).toThrow(
      expect.objectContaining({ code: "invalid_template" }),
    );
  });

  test("names the message that is none", () => {
    expect(() => new PromptTemplate([null] as never)).toThrow("Message 1 of the template is null.");
  });

  test("names a missing variable, its message and the value that was probably meant for it", () => {
    const format = () => templateOf("{product_name}").format({ productName: "x" });
    expect(format).toThrow(
      expect.objectContaining({
        code: "missing_variable",
        message: "{product_name} in message 1 (user) has no value.",
        hint: expect.stringContaining('"productName"'),
      }),
    );
  });

  test("does not suggest a value that has a placeholder of its own", () => {
    const format = () => templateOf("{answer_1} {answer_2}").format({ answer_1: "x" });
    expect(format).toThrow(
      expect.objectContaining({
        message: "{answer_2} in message 1 (user) has no value.",
        hint: "Give it a value, or write {{ and }} for plain braces.",
      }),
    );
  });

  test.each(["constructor", "toString", "__proto__"])(
    "does not take %j from what every object has",
    (name) => {
      expect(() => formatText(`{${name}}`, {})).toThrow(
        expect.objectContaining({ code: "missing_variable" }),
      );
    },
  );

  test.each([null, Number.NaN, Infinity, {}, ["secret"], 1n, () => "secret"])(
    "refuses the value %s without showing content",
    (value) => {
      const format = () => formatText("{x}", { x: value as never });
      expect(format).toThrow(expect.objectContaining({ code: "invalid_variable" }));
      expect(format).not.toThrow(/secret/);
    },
  );
});

describe("the compiler", () => {
  const neverRun = () => false as boolean;

  test("knows the variables of messages written in place", () => {
    expectTypeOf(copywriter.format).parameter(0).toEqualTypeOf<{
      readonly product_name: TemplateValue;
      readonly features: TemplateValue;
    }>();
    if (neverRun()) {
      // @ts-expect-error features is missing
      copywriter.format({ product_name: "x" });
      // @ts-expect-error product_nme is misspelt
      copywriter.format({ product_nme: "x", features: "y" });
      // @ts-expect-error there is no such placeholder
      copywriter.format({ product_name: "x", features: "y", tone: "z" });
      // @ts-expect-error a value is text, a number or a boolean
      copywriter.format({ product_name: null, features: "y" });
    }
  });

  test("knows them in parts, in the output of tools, and in the class for messages", () => {
    const template = new PromptTemplate([
      new Message({ role: "system", content: "{tone}" }),
      {
        role: "user",
        content: [
          { type: "text", text: "{a} {{b}}" },
          { type: "image_url", image_url: { url: "{url}" } },
        ],
      },
      { role: "assistant", content: null },
      { type: "function_call_output", call_id: "c", output: "{output}" },
    ]);
    expectTypeOf(template.format).parameter(0).toEqualTypeOf<{
      readonly tone: TemplateValue;
      readonly a: TemplateValue;
      readonly url: TemplateValue;
      readonly output: TemplateValue;
    }>();
  });

  test("takes no variables where there are no placeholders", () => {
    const template = new PromptTemplate([{ role: "user", content: "{{plain}}" }]);
    template.format({});
    // @ts-expect-error there is no placeholder
    template.format({ name: "x" });
  });

  test("takes any variables of a text that it does not know", () => {
    const text: string = "{name}";
    const unknown = new PromptTemplate([{ role: "user", content: text }]);
    expectTypeOf(unknown.format).parameter(0).toEqualTypeOf<{ readonly [name: string]: TemplateValue }>();
    const mixed = new PromptTemplate([{ role: "user", content: `Dear {name} ${text}` }]);
    expectTypeOf(mixed.format).parameter(0).toEqualTypeOf<{ readonly [name: string]: TemplateValue }>();
    const noted = new PromptTemplate([
      { role: "user", content: text },
      { role: "user", content: "{a}" },
    ]);
    expectTypeOf(noted.format).parameter(0).toEqualTypeOf<{ readonly [name: string]: TemplateValue }>();
  });

  test("gives up on the names, and not on the program, in a very long text", () => {
    const long = new PromptTemplate([{ role: "user", content: longText }]);
    expectTypeOf(long.format)
      .parameter(0)
      .toEqualTypeOf<{ readonly first: TemplateValue; readonly last: TemplateValue }>();
    const braces = new PromptTemplate([{ role: "user", content: manyBraces }]);
    expectTypeOf(braces.format).parameter(0).toEqualTypeOf<{ readonly [name: string]: TemplateValue }>();
    expect(braces.format({ last: "x" })).toHaveLength(1);
  });
});
