import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BatchFile, readLineId, readRequestLine, withoutByteOrderMark } from "../../src/batch-file/index.js";
import { CollectedFile } from "../../src/collect/file/collected-file.js";
import { OpenbatchError } from "../../src/errors/index.js";
import { readResultLine } from "../../src/execute/results-file/read-result-line.js";
import { openResults, validateBatchFile } from "../../src/index.js";
import { validateInput } from "../../src/serve/life/validate-input.js";

/** What a line is to everybody who reads it. */
interface Meaning {
  readonly id?: string;
  readonly isBlank?: true;
  /** Why it cannot be sent. */
  readonly fault?: string;
  /** What an upload is refused for beside that. */
  readonly refused?: string;
}

const body = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}';
const rest = `"method":"POST","url":"/v1/chat/completions","body":${body}`;
const plain = `{"custom_id":"a",${rest}}`;
const mark = "\ufeff";

const lines: readonly (readonly [string, string | Buffer, Meaning])[] = [
  ["a request", plain, { id: "a" }],
  ["a request with white space everywhere", ` \t{ "custom_id" : "a" , ${rest} } \t`, { id: "a" }],
  ["a request that ends with CR LF", `${plain}\r`, { id: "a" }],
  ["a request whose id comes last", `{${rest},"custom_id":"a"}`, { id: "a" }],
  ["an id whose key is escaped", `{"custom\\u005fid":"a",${rest}}`, { id: "a" }],
  ["an id that is escaped", `{"custom_id":"\\u0061\\n",${rest}}`, { id: "a\n" }],
  ["an id that is half a character", `{"custom_id":"\\ud83d",${rest}}`, { id: "\ud83d" }],
  [
    "a body with an id of its own",
    plain.replace('{"model', '{"store":true,"metadata":{"custom_id":"x"},"model'),
    { id: "a" },
  ],
  [
    "a body before the id",
    `{"body":${body.replace("{", '{"user":"custom_id",')},"custom_id":"a","method":"POST","url":"/v1/chat/completions"}`,
    { id: "a" },
  ],
  ["two ids", `{"custom_id":"x",${rest},"custom_id":"a"}`, { id: "a", fault: "repeated_key" }],
  ["two ids side by side", `{"custom_id":"x","custom_id":"a",${rest}}`, { id: "a", fault: "repeated_key" }],
  [
    "two ids, the second with an escaped key",
    `{"custom_id":"x",${rest},"custom\\u005fid":"a"}`,
    { id: "x", fault: "repeated_key" },
  ],
  ["two bodies", `{"custom_id":"a",${rest},"body":${body}}`, { id: "a", fault: "repeated_key" }],
  [
    "two bodies, the second escaped",
    `{"custom_id":"a",${rest},"b\\u006fdy":${body}}`,
    { id: "a", fault: "repeated_key" },
  ],
  ["white space", " \t ", { isBlank: true }],
  ["a carriage return", "\r", { isBlank: true }],
  ["a byte order mark", mark, { isBlank: true, refused: "byte_order_mark" }],
  ["a byte order mark before a request", `${mark}${plain}`, { id: "a", refused: "byte_order_mark" }],
  ["two byte order marks", `${mark}${mark}${plain}`, { fault: "invalid_json_line" }],
  ["a no-break space", "\u00a0", { fault: "invalid_json_line" }],
  ["a no-break space before a request", `\u00a0${plain}`, { fault: "invalid_json_line" }],
  [
    "a no-break space before the last brace",
    `${plain.slice(0, -1)}\u00a0}`,
    { id: "a", fault: "invalid_json_line" },
  ],
  ["a control character in the id", plain.replace('"a"', '"a\u0001"'), { fault: "invalid_json_line" }],
  [
    "bytes that are not UTF-8",
    Buffer.from(plain.replace("Hi", "\u00e9"), "latin1"),
    { id: "a", fault: "invalid_utf8" },
  ],
  [
    "an id that is not UTF-8",
    Buffer.from(plain.replace('"a"', '"\u00e9"'), "latin1"),
    { fault: "invalid_utf8" },
  ],
  ["a number as id", plain.replace('"a"', "7"), { fault: "invalid_custom_id" }],
  ["an object as id", plain.replace('"a"', '{"a":"a"}'), { fault: "invalid_custom_id" }],
  ["an empty id", plain.replace('"a"', '""'), { fault: "invalid_custom_id" }],
  ["a torn line", plain.slice(0, 60), { id: "a", fault: "invalid_json_line" }],
  ["something behind a request", `${plain} x`, { id: "a", fault: "invalid_json_line" }],
  ["an array", "[1]", { fault: "invalid_json_line" }],
  [
    "a result",
    '{"custom_id":"a","response":{"status_code":200,"body":{}},"error":null}',
    { id: "a", fault: "not_a_batch_file" },
  ],
];

describe.each(lines)("%s", (_, line, { id, isBlank = false, fault, refused }) => {
  const bytes = Buffer.from(line);
  const path = join(mkdtempSync(join(tmpdir(), "openbatch-line-")), "requests.jsonl");
  writeFileSync(
    path,
    Buffer.concat([Buffer.from(`${plain.replace('"a"', '"first"')}\n`), bytes, Buffer.from("\n")]),
  );
  const isRequest = !isBlank && fault === undefined;

  test("is read alike wherever a line is read", () => {
    const read = readRequestLine(bytes);
    expect(read?.kind).toBe(isBlank ? undefined : fault === undefined ? "request" : "fault");
    expect(read?.custom_id).toBe(id);
    expect(read?.kind === "fault" ? read.code : undefined).toBe(fault);
    if (!isBlank) expect(readLineId(withoutByteOrderMark(bytes))).toBe(id);
  });

  test("is the same to a collector that appends to its file", () => {
    const file = CollectedFile.open(path, "append");
    expect(file.count).toBe(isBlank ? 1 : 2);
    if (id !== undefined) expect(file.find(id)?.line).toBe(2);
    file.release();
  });

  test("is the same to the check", async () => {
    const { findings, stats } = await validateBatchFile(path);
    expect(stats.blankLines).toBe(isBlank ? 1 : 0);
    const errors = findings.filter(({ severity }) => severity === "error");
    const wanted = [fault, refused].filter((code) => code !== undefined);
    expect(errors.map(({ code }) => code)).toEqual(expect.arrayContaining(wanted));
    if (wanted.length === 0) expect(errors).toEqual([]);
    for (const { code, custom_id } of errors) if (code === fault) expect(custom_id).toBe(id);
  });

  test("is the same to a run", async () => {
    const opened = await BatchFile.open(path).catch((error: unknown) => error);
    if (opened instanceof BatchFile) {
      expect(fault).toBeUndefined();
      expect(opened.isBlank(2)).toBe(isBlank);
      if (id !== undefined) expect(opened.find(id)).toBe(2);
      return opened.close();
    }
    expect(opened).toBeInstanceOf(OpenbatchError);
    expect((opened as OpenbatchError).message).toContain(`[${fault}]`);
  });

  test("is the same to whoever reads results", async () => {
    const output = `${path}.output`;
    writeFileSync(
      output,
      id === undefined
        ? ""
        : `{"custom_id":${JSON.stringify(id)},"response":{"status_code":200,"body":{}}}\n`,
    );
    await using results = await openResults({ requests: path, results: output });
    if (id === undefined) expect(results.counts.total).toBe(1);
    else expect(await results.get(id)).toMatchObject({ custom_id: id, requestLine: 2 });
    expect(results.strays.count).toBe(id === undefined && !isBlank ? 1 : 0);
  });

  test("is the same to the local Batch API", async () => {
    const options = {
      endpoint: "/v1/chat/completions",
      models: undefined,
      signal: new AbortController().signal,
    };
    const verdict = await validateInput(path, options);
    expect(verdict.kind).toBe(isRequest || isBlank ? "valid" : "invalid");
    if (verdict.kind === "valid") expect(verdict.requests).toBe(isBlank ? 1 : 2);
    else expect(verdict.errors.map(({ line: number }) => number)).toContain(2);
  });
});

const answer = '"response":{"status_code":200,"body":{}},"error":null';

const resultLines: readonly (readonly [string, string, string])[] = [
  ["one id", `{"custom_id":"a",${answer}}`, "a"],
  ["an id whose key is escaped", `{"custom\\u005fid":"a",${answer}}`, "a"],
  ["an id that comes last", `{${answer},"custom_id":"a"}`, "a"],
  ["two ids", `{"custom_id":"x",${answer},"custom_id":"a"}`, "a"],
  ["two ids, the second with an escaped key", `{"custom_id":"a",${answer},"custom\\u005fid":"x"}`, "a"],
];

test.each(resultLines)(
  "a result with %s is the same to a run and to whoever reads it",
  async (_, line, id) => {
    const output = join(mkdtempSync(join(tmpdir(), "openbatch-line-")), "results.jsonl");
    writeFileSync(output, `${line}\n`);
    expect(readResultLine(Buffer.from(line))).toMatchObject({ kind: "result", custom_id: id });
    await using results = await openResults({ results: output });
    const ids: string[] = [];
    for await (const { custom_id } of results) ids.push(custom_id);
    expect(ids).toEqual([id]);
    expect(await results.get(id)).toMatchObject({ custom_id: id });
  },
);
