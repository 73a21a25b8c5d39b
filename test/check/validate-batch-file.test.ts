import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { maxRequestsPerBatch } from "../../src/api/index.js";
import { validateBatchFile } from "../../src/check/index.js";
import { OpenbatchError } from "../../src/errors/index.js";
import { chatLine, chatLines, embeddingLine, toLines } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { createChecker, outline } from "./checker.js";

const folder = temporaryFolder();
const { write, check } = createChecker(folder);
const good = chatLine("a");

describe("validateBatchFile", () => {
  test("finds nothing in a good file, and says what it holds", async () => {
    const content = `${good}\n${chatLine("b")}\n`;
    const report = await check(content);
    expect(report).toMatchObject({
      isValid: true,
      errors: 0,
      warnings: 0,
      notes: 0,
      findings: [],
      omitted: 0,
    });
    expect(report.stats).toEqual({
      totalRequests: 2,
      bytes: content.length,
      uniqueCustomIds: 2,
      endpoints: { "/v1/chat/completions": 2 },
      models: { "gpt-4o-mini": 2 },
      otherEndpoints: 0,
      otherModels: 0,
      embeddingInputs: 0,
      longestLine: { line: 1, bytes: good.length },
      blankLines: 0,
    });
  });

  const torn = good.slice(0, -9);
  test.each<[string, string | Buffer, string[]]>([
    ["an empty file", "", ["error empty_file"]],
    [
      "a file of blank lines",
      "\n \t\r\n",
      ["error empty_file", "warning blank_line 1 2", "note crlf_line_ends 2"],
    ],
    ["a byte order mark", `\ufeff${good}\n`, ["error byte_order_mark 1"]],
    ["byte order marks of joined files", `${good}\n\ufeff${chatLine("b")}\n`, ["error byte_order_mark 2"]],
    ["CR LF", `${good}\r\n${chatLine("b")}\r\n`, ["note crlf_line_ends 1 2"]],
    ["blank lines inside and at the end", `${good}\n\n${chatLine("b")}\n\n\n`, ["warning blank_line 2 4 5"]],
    ["a good last line without its end", `${good}\n${chatLine("b")}`, ["note no_final_line_end 2"]],
    ["a torn last line", `${good}\n${torn}`, ["error torn_last_line 2"]],
    [
      "a last line torn within a character",
      Buffer.from(`${good}\n${torn.slice(0, 20)}ä`).subarray(0, -1),
      ["error torn_last_line 2"],
    ],
    ["a torn line that has its end", `${good}\n${torn}\n`, ["error invalid_json_line 2"]],
    ["a last line that is broken, but whole", `${good}\n{"a":1}}`, ["error invalid_json_line 2"]],
    ["a broken line", `{"custom_id": oops}\n${good}\n`, ["error invalid_json_line 1"]],
    ["NaN", `{"custom_id":"b","x":NaN}\n${good}\n`, ["error invalid_json_line 1"]],
    ["a line that is an array", `[1]\n${good}\n`, ["error invalid_json_line 1"]],
    ["a line that is null", `null\n${good}\n`, ["error invalid_json_line 1"]],
    [
      "bytes that are not UTF-8",
      Buffer.from(`${good.replace("something", "caf\u00e9")}\n`, "latin1"),
      ["error invalid_utf8 1"],
    ],
    ["UTF-8 beyond ASCII", `${good.replace("something", "naïve 日本語 😀 \u2028")}\n`, []],
    ["a duplicate id", `${good}\n${chatLine("b")}\n${good}\n`, ["error duplicate_custom_id 3"]],
    [
      "two models",
      `${good}\n${chatLine("b", { model: "gpt-4.1" })}\n${chatLine("c")}\n`,
      ["error mismatched_model 2"],
    ],
    [
      "two endpoints",
      `${good}\n${embeddingLine("b", "x", "gpt-4o-mini")}\n${chatLine("c")}\n`,
      ["error mixed_endpoints 2", "warning refused_by_model 2"],
    ],
    ["stream", `${chatLine("a", { stream: true })}\n`, ["error streaming_unsupported 1"]],
    [
      "keys that are missing",
      '{"custom_id":"a"}\n',
      [
        "error missing_required_parameter 1",
        "error missing_required_parameter 1",
        "error missing_required_parameter 1",
      ],
    ],
  ])("%s", async (_name, content, expected) => {
    const report = await check(content);
    expect(outline(report)).toEqual(expected);
    expect(report.isValid).toBe(!expected.some((line) => line.startsWith("error")));
  });

  test("names the first line of a duplicate id, and the id", async () => {
    const { findings, stats } = await check(
      `${toLines(chatLines(3))}${chatLine("request-1")}\n${chatLine("request-0")}\n`,
    );
    expect(findings).toMatchObject([
      {
        ...{ line: 4, lines: [4, 5], lineCount: 2, count: 2, custom_id: "request-1", path: "custom_id" },
        message: '"request-1" is the custom_id of line 2 already.',
      },
    ]);
    expect(stats).toMatchObject({ totalRequests: 5, uniqueCustomIds: 3 });
  });

  test("says where a line stops being JSON, and shows nothing of it", async () => {
    const { findings } = await check(`{"custom_id":"a","method":"POST" "secret":1}\n`);
    expect(findings[0]?.message).toBe(
      "This line is not parseable as valid JSON. At character 34: a comma is expected.",
    );
    expect(JSON.stringify(findings)).not.toContain("secret");
  });

  test("knows a conflict of git", async () => {
    const { findings } = await check(`<<<<<<< HEAD\n${good}\n=======\n${chatLine("b")}\n>>>>>>> other\n`);
    expect(findings).toMatchObject([{ code: "invalid_json_line", lines: [1, 3, 5] }]);
    expect(findings[0]?.hint).toContain("git");
  });

  test.each([
    ["with its mark", "\ufeff", "utf16le"],
    ["without", "", "utf16le"],
    ["the other way round", "\ufeff", "utf16be"],
  ])("knows UTF-16 %s, and finds nothing else in it", async (_name, mark, kind) => {
    const bytes = Buffer.from(`${mark}${good}\r\n${chatLine("b")}\r\n`, "utf16le");
    const report = await check(kind === "utf16le" ? bytes : bytes.swap16());
    expect(report.findings).toMatchObject([{ code: "invalid_utf8", message: "The file looks like UTF-16." }]);
  });

  test("finds one cause in bytes that are not text", async () => {
    const bytes = Buffer.from(
      Array.from({ length: 3000 }, (_, index) => (index * index * 7919 + index * 31) % 251),
    );
    const { findings, stats } = await check(bytes);
    expect(findings).toMatchObject([{ code: "invalid_utf8", count: stats.totalRequests }]);
  });

  test("counts an endpoint that is only miswritten as the one that is meant", async () => {
    const urls = [
      "/v1/chat/completions/",
      "/chat/completions",
      "/v1/chat/completion",
      "/v1/chat/completions",
    ];
    const lines = urls.map((url, index) => chatLine(`${index}`).replace("/v1/chat/completions", url));
    const report = await check(`${lines.join("\n")}\n`);
    expect(report.findings.map(({ code }) => code)).toEqual(["invalid_url", "invalid_url", "invalid_url"]);
    expect(Object.keys(report.stats.endpoints)).toEqual(urls);
    const mixed = await check(`${lines.join("\n")}\n${embeddingLine("e", "x", "gpt-4o-mini")}\n`);
    expect(mixed.findings).toContainEqual(
      expect.objectContaining({
        ...{ code: "mixed_endpoints", lines: [5] },
        message: '2 endpoints in one file: "/v1/chat/completions" (3), "/v1/embeddings" (1).',
      }),
    );
  });

  test("knows a results file", async () => {
    const result = (id: string) =>
      JSON.stringify({ id: "b", custom_id: id, response: { status_code: 200, body: {} }, error: null });
    const { findings } = await check(`${result("a")}\n${result("b")}\n`);
    expect(findings).toMatchObject([
      {
        code: "not_a_batch_file",
        lines: [1, 2],
        message: expect.stringContaining("looks like a results file"),
      },
    ]);
  });

  test.each([
    ["in one line", `[${good},${chatLine("b")}]`],
    ["over several lines", `[\n${good},\n${chatLine("b")}\n]\n`],
  ])("knows a file that is one JSON array: %s", async (_name, content) => {
    const { findings } = await check(content);
    expect(findings[0]).toMatchObject({
      code: "invalid_json_line",
      message: "The file starts as one JSON array.",
      hint: expect.stringContaining("as one line"),
    });
  });

  test("says how often only of what is there more than once", async () => {
    expect(`${await check("")}`).not.toContain("in all");
  });

  test("groups what has one cause, and counts every line", async () => {
    const lines = Array.from({ length: 40_000 }, (_, index) =>
      chatLine(`id-${index}`, { temperature: 3 + index / 8 }),
    );
    const report = await check(`${lines.join("\n")}\n`);
    expect(report).toMatchObject({ errors: 40_000, warnings: 0, notes: 0, omitted: 0 });
    expect(report.findings).toMatchObject([
      {
        code: "invalid_value",
        line: 1,
        lineCount: 40_000,
        count: 40_000,
        lines: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      },
    ]);
    expect(`${report}`).toContain("and 39,999 more lines: 2, 3, 4, 5, 6, 7, 8, 9, 10, …");
  });

  test("takes places in one line as one cause, and says how often it is there", async () => {
    const messages = [
      { role: "usr", content: "x" },
      { role: "user", content: "x" },
      { role: "usr", content: "x" },
    ];
    const report = await check(`${chatLine("a", { messages })}\n`);
    expect(report.findings).toMatchObject([
      { path: "body.messages[0].role", count: 2, lineCount: 1, lines: [1] },
    ]);
    expect(`${report}`).toContain("2 times in all");
  });

  test("caps what is listed, and never what is counted", async () => {
    const lines = Array.from({ length: 30 }, (_, index) =>
      chatLine(`id-${index}`, { [`made_up_${index}_name`]: 1 }),
    );
    const report = await check(`${lines.join("\n")}\n${chatLine("x", { n: 0 })}\n`, { maxFindings: 5 });
    expect(report).toMatchObject({ errors: 1, warnings: 30, omitted: 26 });
    expect(outline(report)).toEqual([
      "error invalid_value 31",
      ...[1, 2, 3, 4].map((line) => `warning unknown_parameter ${line}`),
    ]);
    expect(`${report}`).toContain("… and 26 more findings of further causes");
  });

  test("lists errors first, then warnings, then notes, each by line", async () => {
    const report = await check(
      `${chatLine("a", { max_tokens: 5 })}\r\n\n${chatLine("b", { n: 0 })}\n${chatLine("b")}\n`,
    );
    expect(outline(report)).toEqual([
      "error invalid_value 3",
      "error duplicate_custom_id 4",
      "warning deprecated_parameter 1",
      "warning blank_line 2",
      "note crlf_line_ends 1",
    ]);
  });

  test("warns when two schemas have one name", async () => {
    const line = (id: string, name: string, properties: object): string => {
      const schema = {
        type: "object",
        properties,
        required: Object.keys(properties),
        additionalProperties: false,
      };
      return chatLine(id, {
        response_format: { type: "json_schema", json_schema: { name, strict: true, schema } },
      });
    };
    const [one, other] = [{ a: { type: "string" } }, { b: { type: "string" } }];
    const lines = [line("1", "X", one), line("2", "Y", other), line("3", "X", other), line("4", "X", one)];
    const report = await check(`${[...lines, line("5", "X", other)].join("\n")}\n`);
    expect(report.findings).toMatchObject([
      {
        ...{ severity: "warning", code: "format_name_conflict", lines: [3, 5], count: 2, custom_id: "3" },
        message: 'The schema of format "X" is not the one of line 1.',
      },
    ]);
  });

  test("lets through the parameters that it is told of", async () => {
    const content = `${chatLine("a", { made_up_thing: 1, top_k_of_ours: 2 })}\n`;
    expect((await check(content)).warnings).toBe(2);
    expect((await check(content, { allowUnknownParameters: ["made_up_thing"] })).warnings).toBe(1);
    expect((await check(content, { allowUnknownParameters: true })).warnings).toBe(0);
  });

  test("leaves out the codes that it is told to ignore", async () => {
    const content = `${good}\r\n\n${good}\n`;
    const report = await check(content, { ignore: ["blank_line", "duplicate_custom_id"] });
    expect(outline(report)).toEqual(["note crlf_line_ends 1"]);
    expect(report).toMatchObject({ isValid: true, errors: 0, warnings: 0, notes: 1 });
  });

  test("tells how far it is", async () => {
    const content = toLines(chatLines(5_000));
    const seen: { requests: number; bytes: number; totalBytes: number | undefined }[] = [];
    await check(content, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ requests: 5_000, bytes: content.length, totalBytes: content.length });
  });

  test("takes an endpoint or a model named like a member of every object for what it is", async () => {
    const { stats } = await check(
      `${chatLine("a", { model: "__proto__" })}\n${chatLine("b", { model: "toString" })}\n`,
    );
    expect(Object.entries(stats.models)).toEqual([
      ["__proto__", 1],
      ["toString", 1],
    ]);
  });

  test("checks a line nested a million deep", async () => {
    const deep = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
    const schema = `{"type":"json_schema","json_schema":{"name":"x","schema":{"a":${deep}}}}`;
    const line = good.replace('"messages"', `"metadata":${deep},"response_format":${schema},"messages"`);
    const report = await check(`${line}\n${line.slice(0, -1)}\n`);
    expect(report.stats.totalRequests).toBe(2);
    expect(report.findings.map(({ code }) => code)).toContain("invalid_json_line");
  });
});

describe("the limits of one batch", () => {
  const tooMany = Array.from(
    { length: maxRequestsPerBatch + 1 },
    (_, index) => `{"custom_id":"${index}"}\n`,
  ).join("");
  const inputs = Array.from(
    { length: 25 },
    (_, index) => `${embeddingLine(`${index}`, Array(2001).fill("x"))}\n`,
  );

  test.each([
    ["too_many_requests", tooMany, "50,001 requests are over the limit of 50,000 for one batch."],
    [
      "too_many_embedding_inputs",
      inputs.join(""),
      "50,025 embedding inputs are over the limit of 50,000 for one batch.",
    ],
    [
      "mismatched_model",
      `${good}\n${chatLine("b", { model: "gpt-4.1" })}\n`,
      '2 models in one file: "gpt-4o-mini" (1), "gpt-4.1" (1).',
    ],
    [
      "mixed_endpoints",
      `${good}\n${embeddingLine("b")}\n`,
      '2 endpoints in one file: "/v1/chat/completions" (1), "/v1/embeddings" (1).',
    ],
  ])(
    "%s is an error for an upload, with what to do, and a note for openbatch",
    async (code, content, message) => {
      const [upload, openbatch] = await Promise.all([
        check(content),
        check(content, { target: "openbatch" }),
      ]);
      expect(upload.findings.find((finding) => finding.code === code)).toMatchObject({
        severity: "error",
        message,
        hint: expect.stringContaining("--for openbatch"),
      });
      expect(openbatch.findings.find((finding) => finding.code === code)).toMatchObject({
        severity: "note",
        message,
        hint: expect.stringContaining("Nothing to do"),
      });
    },
  );

  test("a file name that the service refuses", async () => {
    const path = write(`${good}\n`, ".txt");
    expect(outline(await validateBatchFile(path))).toEqual(["error invalid_file_name"]);
    expect(outline(await validateBatchFile(path, { target: "openbatch" }))).toEqual([]);
  });
});

describe("input", () => {
  test("may be compressed, which can not be uploaded", async () => {
    const path = write(gzipSync(`${good}\n${good}\n`), ".jsonl.gz");
    const report = await validateBatchFile(path);
    expect(outline(report)).toEqual(["error invalid_file_name", "error duplicate_custom_id 2"]);
    expect(outline(await validateBatchFile(path, { target: "openbatch" }))).toEqual([
      "error duplicate_custom_id 2",
    ]);
  });

  test("may be a file URL", async () => {
    expect((await validateBatchFile(pathToFileURL(write(`${good}\n`)))).isValid).toBe(true);
  });

  test.each([
    ["file_not_found", () => join(folder, "absent.jsonl")],
    ["not_a_file", () => folder],
    ["unreadable_input", () => write(gzipSync(toLines(chatLines(100))).subarray(0, 100), ".jsonl.gz")],
  ])("that cannot be read is an error: %s", async (code, path) => {
    const error = await validateBatchFile(path()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenbatchError);
    expect(error).toMatchObject({ code });
  });

  test.each([
    [{ target: 5 }, "The option target (--for) is 5.", "Use a text that is not empty."],
    [
      { target: "batch" },
      'There is no service "batch" that openbatch knows.',
      expect.stringContaining("Use one of openai, azure"),
    ],
    [{ targt: "openbatch" }, 'There is no option "targt".', "Did you mean target?"],
    [{ strict: true }, 'There is no option "strict".', expect.stringContaining("Use target, allow")],
    [{ maxFindings: -1 }, "The option maxFindings (--max-findings) is -1.", expect.any(String)],
    [{ workers: 0.5 }, "The option workers (--workers) is 0.5.", "Use a whole number, 0 or more."],
    [
      { allowUnknownParameters: "x" },
      'The option allowUnknownParameters (--allow-unknown) is "x".',
      expect.any(String),
    ],
    [{ onProgress: true }, "The option onProgress is true.", "Use a function."],
    [{ signal: {} }, "The option signal is an object.", "Use the signal of an AbortController."],
    [{ ignore: "blank_line" }, 'The option ignore is "blank_line".', "Use a list of codes."],
    [
      { ignore: ["mixed_endpoint"] },
      'The option ignore has "mixed_endpoint", which is no code.',
      "Did you mean mixed_endpoints?",
    ],
    [
      { ignore: [7] },
      "The option ignore has 7, which is no code.",
      expect.stringContaining("docs/errors.md"),
    ],
    [null, "Expected an object of options, found null.", expect.any(String)],
  ])("with a wrong option is an error: %j", async (options, message, hint) => {
    // Plain JavaScript may hand over anything.
    const wrong = options as Parameters<typeof validateBatchFile>[1];
    const error = await validateBatchFile(write(`${good}\n`), wrong).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid_option", message, hint });
  });

  test("is let go when the signal aborts", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const options = { signal: controller.signal, onProgress: () => controller.abort(reason) };
    const path = write(toLines(chatLines(100_000)));
    await expect(validateBatchFile(path, options)).rejects.toBe(reason);
    await expect(validateBatchFile(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
