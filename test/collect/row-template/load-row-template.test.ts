import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { loadRowTemplate } from "../../../src/collect/row-template/load-row-template.js";
import type { LoadRowTemplateOptions } from "../../../src/collect/row-template/row-template.js";
import { OpenbatchError } from "../../../src/errors/index.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
let count = 0;

async function load(text: string, options: LoadRowTemplateOptions & { readonly extension?: string } = {}) {
  count += 1;
  const { extension = "yaml", ...others } = options;
  const path = join(folder, `${count}.${extension}`);
  await writeFile(path, text);
  return loadRowTemplate(path, others);
}

async function fill(text: string, cells: Record<string, unknown>, options: LoadRowTemplateOptions = {}) {
  return (await load(text, options)).toRequest({ number: 1, cells });
}

async function errorOf(work: () => Promise<unknown>): Promise<OpenbatchError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof OpenbatchError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const chat = `endpoint: /v1/chat/completions
parameters:
  model: gpt-4o-mini
  temperature: 0
messages:
  - role: system
    content: Answer in one word.
  - role: user
    content: "{text}"
`;

const embeddings = (input: string) => `endpoint: /v1/embeddings
parameters: { model: text-embedding-3-small }
input: ${JSON.stringify(input)}
`;

const embedding = embeddings("{text}");

describe("null cells", () => {
  const withNull = `null_text: ""\n${embedding}`;
  const row = { number: 1, cells: { text: null } };

  test("are what the template says, unless whoever loads it says otherwise", async () => {
    expect((await load(withNull)).toRequest(row).body.input).toBe("");
    expect((await load(withNull, { nullText: "none" })).toRequest(row).body.input).toBe("none");
    expect((await load(withNull)).promptCells(row)).toEqual([{ column: "text", text: "" }]);
    expect((await errorOf(async () => (await load(embedding)).toRequest(row))).code).toBe("null_cell");
    expect((await errorOf(() => load(`null_text: 5\n${embedding}`))).message).toContain(
      "null_text is not text",
    );
  });
});

describe("an id that is a hash of what is asked", () => {
  const hashed = `custom_id: { hash: request }\n${embedding}`;

  test("is the same for rows that ask the same, whatever else they hold, and differs with all that is asked", async () => {
    const template = await load(hashed);
    const idOf = (text: string, number = 1) => template.toId({ number, cells: { number, text } });
    expect(idOf("one", 7)).toBe(idOf("one"));
    expect(idOf("one")).toMatch(/^[0-9a-f]{24}$/);
    expect(idOf("two")).not.toBe(idOf("one"));
    const other = await load(hashed.replace("3-small", "3-large"));
    expect(other.toId({ number: 1, cells: { text: "one" } })).not.toBe(idOf("one"));
    expect(template.toRequest({ number: 2, cells: { text: "one" } }).custom_id).toBe(idOf("one"));
    expect(template).toMatchObject({ isHashed: true, columns: ["text"] });
  });

  test("is not that of a template with an id of its own", async () => {
    const template = await load(`custom_id: "row-{id}"\n${embedding}`);
    expect(template.toId({ number: 1, cells: { id: 5 } })).toBe("row-5");
    expect(template.isHashed).toBe(false);
  });

  test.each(["{ hash: text }", "{ hash: request, of: all }"])("is said in one way: not %s", async (id) => {
    const { message, hint } = await errorOf(() => load(`custom_id: ${id}\n${embedding}`));
    expect(message).toContain(":1: custom_id is not text.");
    expect(hint).toContain("custom_id: { hash: request }");
  });
});

describe("a template", () => {
  test("makes the request of a row, with parameters first", async () => {
    const template = await load(chat);
    const request = template.toRequest({ number: 7, cells: { text: "naïve 日本語 {x}" } });
    expect(JSON.stringify(request)).toBe(
      JSON.stringify({
        custom_id: "row-000007",
        url: "/v1/chat/completions",
        body: {
          model: "gpt-4o-mini",
          temperature: 0,
          messages: [
            { role: "system", content: "Answer in one word." },
            { role: "user", content: "naïve 日本語 {x}" },
          ],
        },
      }),
    );
    expect(template.columns).toEqual(["text"]);
  });

  test("may be JSON, indented with tabs", async () => {
    const json = JSON.stringify(
      { endpoint: "/v1/embeddings", parameters: { model: "text-embedding-3-small" }, input: "{a}" },
      null,
      "\t",
    );
    const template = await load(json, { extension: "json" });
    expect(template.toRequest({ number: 1, cells: { a: "b" } }).body).toEqual({
      model: "text-embedding-3-small",
      input: "b",
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["{First Name}", { "First Name": "Ada" }, "Ada"],
    ["{price ($)}", { "price ($)": "5" }, "5"],
    ["{a.b}", { "a.b": "exact", a: { b: "nested" } }, "exact"],
    ["{user.name}", { user: { name: "Ada" } }, "Ada"],
    ["{items.0}", { items: ["first", "second"] }, "first"],
    ["{a.b.c}", { "a.b": { c: "x" } }, "x"],
    ["{n}", { n: 5 }, "5"],
    ["{n}", { n: false }, "false"],
    ["{n}", { n: new Date(0) }, "1970-01-01T00:00:00.000Z"],
    ["{o}", { o: { a: [1, "é"], b: null } }, '{"a":[1,"é"],"b":null}'],
    ["{e}.", { e: "" }, "."],
    ["{{a}} {a} }}{{", { a: "x" }, "{a} x }{"],
    ["{__proto__}", JSON.parse('{"__proto__":"own"}'), "own"],
    ["{0}", { "0": "zero" }, "zero"],
  ])("fills %j from %j", async (text, cells, expected) => {
    expect((await fill(embeddings(text), cells)).body.input).toBe(expected);
  });

  test("fills large integers, at any depth", async () => {
    const n = 12345678901234567890n;
    const request = await fill(embeddings("{n} {deep}"), { n, deep: [n] });
    expect(request.body.input).toBe('12345678901234567890 ["12345678901234567890"]');
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    ["{nme}", { name: "x" }, 'Row 1: there is no column "nme".', "Did you mean {name}?"],
    ["{name_1} {name_2}", { name_1: "x" }, 'Row 1: there is no column "name_2".', "Give the row that column"],
    ["{items.length}", { items: [1] }, 'Row 1: there is no column "items.length".', "--on-error skip"],
    ["{user.toString}", { user: {} }, 'Row 1: there is no column "user.toString".', "--on-error skip"],
    ["{constructor}", {}, 'Row 1: there is no column "constructor".', "--on-error skip"],
    ["{text.length}", { text: "abc" }, 'Row 1: there is no column "text.length".', ""],
    ["{a}", { a: null }, 'Row 1: column "a" is null.', "--null"],
    ["{a.b}", { a: { b: null } }, 'Row 1: column "a.b" is null.', "--null"],
  ])("refuses %j of %j", async (text, cells, message, hint) => {
    const error = await errorOf(() => fill(embeddings(text), cells));
    expect(error.message).toBe(message);
    expect(error.hint).toContain(hint);
  });

  test("writes null as it is told", async () => {
    expect((await fill(embeddings("[{a}]"), { a: null }, { nullText: "" })).body.input).toBe("[]");
  });

  test("fills custom_id, text parameters and every string of messages, but no schema", async () => {
    const request = await fill(
      `endpoint: /v1/chat/completions
custom_id: "{id}-x"
parameters:
  model: "{model}"
  metadata: { "source": "row {id}" }
  store: true
  tools:
    - type: function
      function: { name: f, parameters: { type: object, properties: { a: { type: string, pattern: "^\\\\d{3}$" } } } }
messages:
  - role: user
    content:
      - { type: text, text: "{id}" }
`,
      { id: "5", model: "gpt-4o-mini" },
    );
    expect(request).toMatchObject({
      custom_id: "5-x",
      body: {
        model: "gpt-4o-mini",
        metadata: { source: "row 5" },
        store: true,
        tools: [{ function: { parameters: { properties: { a: { pattern: "^\\d{3}$" } } } } }],
        messages: [{ content: [{ type: "text", text: "5" }] }],
      },
    });
  });

  test.each([
    [1, "row-000001"],
    [999_999, "row-999999"],
    [1_000_000, "row-1000000"],
  ])("calls row %i %s by default", async (number, id) => {
    const template = await load(embeddings("{a}"));
    expect(template.toRequest({ number, cells: { a: "x" } }).custom_id).toBe(id);
  });

  test.each(["\u200b", "\u00a0", "\ufeff", "\u00ad"])(
    "shows a character that does not show: %j",
    async (character) => {
      const shown = `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
      const found = {
        message: expect.stringContaining(`it has "id", "text${shown}".`),
        hint: `Did you mean {text${shown}}? The table has a character in this name that does not show: take it out there.`,
      };
      const template = await load(chat);
      expect(() => template.assertColumns(["id", `text${character}`])).toThrow(
        expect.objectContaining(found),
      );
    },
  );

  test("takes a fixed table's columns to task before any row", async () => {
    const template = await load(chat);
    expect(() => template.assertColumns(["id", "text"])).not.toThrow();
    expect(() => template.assertColumns(["id", "txt"])).toThrow(
      expect.objectContaining({
        code: "invalid_template",
        message: expect.stringMatching(/\.yaml:9: the table has no column "text"; it has "id", "txt"\.$/),
        hint: "Did you mean {txt}?",
      }),
    );
    expect(() => template.assertColumns(["id;city;body"])).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('";"') }),
    );
  });
});

const body = (lines: string) => `endpoint: /v1/chat/completions\n${lines}`;
const messages = "messages:\n  - { role: user, content: x }\n";
const model = "parameters:\n  model: gpt-4o-mini\n";

describe("a mistake in a template is found before any row, with its line", () => {
  test.each<[string, string, number, string, string]>([
    ["no object", "hello", 1, "a template is an object", ""],
    ["nothing", "", 1, "a template is an object", ""],
    ["an unknown key", body(`${model}mesages: []\n`), 4, 'unknown key "mesages"', "Did you mean messages?"],
    ["a parameter at the top", body(`model: x\n${messages}`), 2, 'unknown key "model"', "below parameters"],
    ["no endpoint", `${model}${messages}`, 1, "the endpoint is missing", "/v1/responses"],
    [
      "a wrong endpoint",
      "endpoint: chat/completions\n",
      1,
      "not an endpoint",
      "Did you mean /v1/chat/completions?",
    ],
    ["parameters that are none", body("parameters: [1]\n"), 2, "parameters is not an object", ""],
    [
      "a misspelt parameter",
      body(`${model}  temprature: 1\n${messages}`),
      4,
      "temprature: unknown",
      "temperature",
    ],
    [
      "a value out of range",
      body(`${model}  temperature: 9\n${messages}`),
      4,
      "temperature: 9 is above",
      "2 or less",
    ],
    [
      "a number from a column",
      body(`${model}  n: "{n}"\n${messages}`),
      4,
      "n: expected an integer",
      "always gives text",
    ],
    ["streaming", body(`${model}  stream: true\n${messages}`), 4, "stream", ""],
    ["no messages", body(model), 2, "required", "Add messages"],
    ["no model", body(messages), 1, "required", "Add model"],
    [
      "a wrong role",
      body(`${model}messages:\n  - role: usr\n    content: x\n`),
      5,
      "messages[0].role",
      "user",
    ],
    [
      "another endpoint's key",
      body(`${model}${messages}input: x\n`),
      6,
      'input: "input" is a parameter of',
      "",
    ],
    ["a key given twice", body(`${model}  messages: []\n${messages}`), 4, "stands here and at the top", ""],
    [
      "an open brace",
      body(`${model}messages:\n  - role: user\n    content: "a {b"\n`),
      6,
      "is not closed",
      "{{",
    ],
    [
      "an unquoted placeholder",
      body(`${model}messages:\n  - role: user\n    content: {text}\n`),
      6,
      "key",
      '"{text}"',
    ],
    ["an unquoted id", body(`custom_id: {id}\n${model}${messages}`), 2, "custom_id is not text", "quotes"],
    ["a number as id", body(`custom_id: 5\n${model}${messages}`), 2, "custom_id is not text", ""],
    ["an id for all rows", body(`custom_id: same\n${model}${messages}`), 2, "no placeholder", "row-000001"],
    ["a tab", body("parameters:\n\tmodel: x\n"), 3, "tab", "spaces in the place of the tab"],
    ["two placeholders unquoted", body(`${model}prompt: {a} {b}\n`), 4, "", "quotes"],
    [
      "a key that is there",
      body(`${model}${messages}messages: []\n`),
      6,
      "a key that is there already",
      "Keep one",
    ],
    ["an open quote", body('prompt: "secret\n'), 3, "a quote is opened here or above", "Close it."],
    ["text in bold", body("prompt: **secret**\n"), 2, "* starts a reference", 'in quotes, as in "**Task**"'],
    ["a reference to nothing", "endpoint: *secret\n", 1, "* starts a reference", "must be in quotes"],
    [
      "a merge of nothing",
      body("parameters:\n  <<: *secret\n"),
      3,
      "* starts a reference",
      "must be in quotes",
    ],
    ["a reference to itself", body("prompt: &a [*a]\n"), 2, "to the value that it stands in", "ends above"],
    ["a second document", body(`${model}---\nprompt: x\n`), 4, "a second document", "Remove the line ---"],
    ["a key over two lines", body("secret\nprompt: x\n"), 2, "a line without a colon", "key: value"],
    ["two colons", body("prompt: secret: x\n"), 2, 'a second ": "', "below a line that ends in |"],
    ["text behind a quote", body("prompt: 'it's secret'\n"), 2, "behind the end of a value", "doubled"],
    ["a name without schema", body(`${model}${messages}schema_name: x\n`), 6, "stands without a schema", ""],
    [
      "a schema that is no object",
      body(`${model}${messages}schema: [1]\n`),
      6,
      "schema is not an object",
      "",
    ],
    [
      "a schema file that is absent",
      body(`${model}${messages}schema: ./no.json\n`),
      6,
      "no.json",
      "from the folder",
    ],
    [
      "a schema for embeddings",
      "endpoint: /v1/embeddings\ninput: x\nschema: {type: object}\n",
      3,
      "takes no schema",
      "/v1/responses",
    ],
    [
      "a schema beside a format",
      body(`${model}  response_format: {type: text}\n${messages}schema: {type: object, properties: {}}\n`),
      4,
      "a schema is given beside it",
      "Keep one",
    ],
    [
      "a schema that is not strict",
      body(
        `${model}${messages}schema:\n  type: object\n  properties: {a: {allOf: [{not: {type: string}}]}}\n  required: [a]\n`,
      ),
      6,
      "#/properties/a",
      "",
    ],
  ])("%s", async (_, text, line, message, hint) => {
    const error = await errorOf(() => load(text));
    expect(error.code).toBe("invalid_template");
    expect(error.message).toContain(message);
    expect(error.message).toContain(`${count}.yaml:${line}: `);
    expect(error.hint).toContain(hint);
    expect(error.message + error.hint).not.toContain("secret");
  });

  test("lists every mistake at once", async () => {
    const error = await errorOf(() => load(body(`${model}  temprature: 1\n  n: 0\n${messages}`)));
    expect(error.message).toMatch(/yaml:4: temprature: .* Did you mean temperature\?\n {2}line 5: n: /);
    expect(error.message).toContain(error.hint);
  });

  test("with many references that make it huge is refused", async () => {
    const lines = Array.from(
      { length: 12 },
      (_, index) => `  a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`)}]\n`,
    );
    const error = await errorOf(() => load(body(`parameters:\n  a0: &a0 x\n${lines.join("")}`)));
    expect(error).toMatchObject({ code: "invalid_template", message: expect.stringContaining("too large") });
  });

  test.each<[string, string, readonly string[]]>([
    ["without any placeholder", chat.replace("{text}", "Hello."), ["identical_requests"]],
    [
      "with one in its id alone",
      chat.replace("{text}", "Hello.").replace("parameters", 'custom_id: "{id}"\nparameters'),
      ["identical_requests"],
    ],
    ["with one in the prompt", chat, []],
  ])("%s says whether all rows make one request", async (_, text, codes) => {
    const found: string[] = [];
    await load(text, { onWarning: ({ code }) => found.push(code) });
    expect(found).toEqual(codes);
  });

  test("finds the column whose name has spaces around it", async () => {
    const template = await load(embeddings("{a}"));
    expect(() => template.assertColumns(["b", " a"])).toThrow(
      expect.objectContaining({ hint: "Did you mean { a}?" }),
    );
  });

  test("shows a long name of a column by its length", async () => {
    const template = await load(embeddings("{a}"));
    expect(() => template.assertColumns(["x".repeat(111), "18"])).toThrow(
      'it has a name of 111 characters, "18".',
    );
  });

  test("lets parameters through that are allowed, and values that a row will bring", async () => {
    const text = body(`${model}  min_p: 0.1\n  reasoning_effort: "{effort}"\n${messages}`);
    expect((await errorOf(() => load(text))).message).toContain("min_p");
    const template = await load(text, { allowUnknownParameters: ["min_p"] });
    expect(template.columns).toEqual(["effort"]);
  });

  test("says so when the file is absent", async () => {
    const error = await errorOf(() => loadRowTemplate(pathToFileURL(join(folder, "absent.yaml"))));
    expect(error.code).toBe("file_not_found");
  });

  test("refuses an option that there is not", async () => {
    const options = { allowUnknown: ["min_p"] } as LoadRowTemplateOptions;
    expect(await errorOf(() => load(chat, options))).toMatchObject({ code: "invalid_option" });
  });
});

describe("a schema", () => {
  const schema = {
    title: "city",
    type: "object",
    properties: { name: { type: "string", pattern: "^[A-Z]{1}" } },
    required: ["name"],
    additionalProperties: false,
  };

  test.each([
    ["inline", JSON.stringify(schema)],
    ["from a file beside the template", "./city.schema.json"],
  ])("%s becomes the response_format of chat", async (_, value) => {
    await writeFile(join(folder, "city.schema.json"), `\uFEFF${JSON.stringify(schema)}`);
    const request = await fill(`${chat}schema: ${value}\n`, { text: "x" });
    expect(request.body.response_format).toMatchObject({
      type: "json_schema",
      json_schema: { name: "city", strict: true, schema: { properties: schema.properties } },
    });
  });

  test("becomes text.format of responses, beside what else text has", async () => {
    const text = `endpoint: /v1/responses
parameters:
  model: gpt-5-mini
  text: { verbosity: low }
input: "{a}"
schema: ${JSON.stringify(schema)}
schema_name: place
schema_strict: false
`;
    const request = await fill(text, { a: "x" });
    expect(request.body.text).toMatchObject({
      verbosity: "low",
      format: { type: "json_schema", name: "place", strict: false },
    });
  });

  test("tells what was left out of it", async () => {
    const codes: string[] = [];
    const short = { ...schema, properties: { name: { type: "string", minLength: 2 } } };
    await load(`${chat}schema: ${JSON.stringify(short)}\n`, { onWarning: ({ code }) => codes.push(code) });
    expect(codes).toEqual(["schema_constraint"]);
  });
});

describe("local images", () => {
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUg==", "base64");
  const images: Record<string, [Buffer, string]> = {
    "a.png": [png, "image/png"],
    "b.jpg": [Buffer.from([0xff, 0xd8, 0xff, 0xe0]), "image/jpeg"],
    "c.gif": [Buffer.from("GIF89a.."), "image/gif"],
    "named-wrongly.png": [Buffer.from("RIFF\x10\0\0\0WEBPVP8 "), "image/webp"],
  };
  const chatImage = `endpoint: /v1/chat/completions
parameters: { model: gpt-4o-mini }
messages:
  - role: user
    content:
      - { type: image_url, image_url: { url: "{file}", detail: low } }
`;
  const responsesImage = `endpoint: /v1/responses
parameters: { model: gpt-5-mini }
input:
  - role: user
    content:
      - { type: input_image, image_url: "photos/{file}" }
      - { type: input_text, text: "{file}" }
`;
  const edit = `endpoint: /v1/images/edits
parameters:
  model: gpt-image-1.5
  images: [{ image_url: "{file}" }]
  mask: { image_url: "{file}" }
prompt: Paint {file} blue.
`;
  let table: string;

  beforeAll(async () => {
    table = join(folder, "table");
    await mkdir(join(table, "photos"), { recursive: true });
    for (const [name, [bytes]] of Object.entries(images)) {
      await writeFile(join(table, name), bytes);
      await writeFile(join(table, "photos", name), bytes);
    }
    await writeFile(join(folder, "outside.png"), png);
    await writeFile(join(table, "text.png"), "no image");
    await symlink(join(folder, "outside.png"), join(table, "link.png"));
    await symlink(join(table, "a.png"), join(table, "inner-link.png"));
  });

  const toDataUrl = ([bytes, type]: [Buffer, string]) => `data:${type};base64,${bytes.toString("base64")}`;

  test.each(Object.keys(images))("%s becomes a data URL of its own type", async (file) => {
    const url = toDataUrl(images[file] ?? [png, ""]);
    const options = { imageFolder: table };
    const part = { type: "image_url", image_url: { url, detail: "low" } };
    expect((await fill(chatImage, { file }, options)).body.messages).toEqual([
      { role: "user", content: [part] },
    ]);
    expect((await fill(responsesImage, { file }, options)).body.input).toEqual([
      {
        role: "user",
        content: [
          { type: "input_image", image_url: url },
          { type: "input_text", text: file },
        ],
      },
    ]);
    expect((await fill(edit, { file }, options)).body).toMatchObject({
      images: [{ image_url: url }],
      mask: { image_url: url },
      prompt: `Paint ${file} blue.`,
    });
  });

  test.each(["https://example.com/a.png", "data:image/png;base64,AAAA", "HTTP://example.com"])(
    "%s stays as it is",
    async (file) => {
      const request = await fill(chatImage, { file }, { imageFolder: table });
      expect(JSON.stringify(request.body)).toContain(file);
    },
  );

  test("takes absolute paths and links that stay in the folder", async () => {
    for (const file of [join(table, "a.png"), "inner-link.png", "photos/../a.png"]) {
      const request = await fill(chatImage, { file }, { imageFolder: table });
      expect(JSON.stringify(request.body)).toContain("data:image/png;base64,");
    }
  });

  test.each([
    ["../outside.png", "is outside the folder"],
    ["link.png", "is outside the folder"],
    ["/etc/hostname", "is outside the folder"],
    ["../../no/such/file.png", "is outside the folder"],
    ["", "the cell is empty"],
    ["photos", "is not a file"],
    ["absent.png", "cannot be read"],
    ["text.png", "is no PNG, JPEG, GIF or WebP"],
  ])("refuses %j", async (file, message) => {
    const error = await errorOf(() => fill(chatImage, { file }, { imageFolder: table }));
    expect(error.code).toBe("invalid_image");
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("no image");
  });

  test("refuses an image above the limit", async () => {
    const error = await errorOf(() =>
      fill(chatImage, { file: "a.png" }, { imageFolder: table, maxImageBytes: 4 }),
    );
    expect(error.message).toContain("has 16 bytes; an image may have 4.");
    expect(error.hint).toContain("--max-image-bytes");
  });
});
