import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fixBatchFile, validateBatchFile } from "../../src/check/index.js";
import { chatLine } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const [a, b] = [chatLine("a"), chatLine("b")];

/** A folder of its own with one file in it. */
function place(content: string | Buffer, name = "requests.jsonl") {
  const folder = mkdtempSync(join(root, "fix-"));
  const file = join(folder, name);
  writeFileSync(file, content);
  const at = (other: string): string => join(folder, other);
  const read = (other: string): string => readFileSync(at(other), "utf8");
  return { folder, file, at, read, list: () => readdirSync(folder).sort() };
}

describe("fixBatchFile", () => {
  test.each([
    ["a byte order mark", `\ufeff${a}\n`, `${a}\n`, [{ code: "byte_order_mark", lines: [1], lineCount: 1 }]],
    ["CR LF", `${a}\r\n${b}\r\n`, `${a}\n${b}\n`, [{ code: "crlf_line_ends", lines: [1, 2], lineCount: 2 }]],
    [
      "blank lines",
      `\n${a}\n \n${b}\n\n`,
      `${a}\n${b}\n`,
      [{ code: "blank_line", lines: [1, 3, 5], lineCount: 3 }],
    ],
    [
      "a missing last line end",
      `${a}\n${b}`,
      `${a}\n${b}\n`,
      [{ code: "no_final_line_end", lines: [2], lineCount: 1 }],
    ],
    [
      "lines that stand there twice",
      `${a}\n${b}\n${a}\r\n${b}\n${chatLine("a", { model: "other" })}\n`,
      `${a}\n${b}\n${chatLine("a", { model: "other" })}\n`,
      [{ code: "duplicate_custom_id", lines: [3, 4], lineCount: 2 }],
    ],
  ])("mends %s", async (_name, content, fixed, changes) => {
    const { file, at, read, list } = place(content);
    const report = await fixBatchFile(file);
    expect({ ...report }).toEqual({ file, output: at("requests.fixed.jsonl"), changes });
    expect(read("requests.fixed.jsonl")).toBe(fixed);
    expect(read("requests.jsonl")).toBe(content);
    expect(list()).toEqual(["requests.fixed.jsonl", "requests.jsonl"]);
  });

  test("keeps every value as it is written: numbers, escapes, spaces, order, double keys", async () => {
    const odd = '{ "body":{"n":1e400, "t": 1.0,"t":2 ,"x":"\\u00e9é\\/"} ,"custom_id" :"a"}\t';
    const other = odd.replace('"a"', '"b"');
    const { file, read } = place(`\ufeff${odd}\r\n${other}`);
    await fixBatchFile(file);
    expect(read("requests.fixed.jsonl")).toBe(`${odd}\n${other}\n`);
  });

  test("leaves requests without an id, which may be meant to be asked twice", async () => {
    const { file, list } = place('{"body":{}}\n{"body":{}}\n');
    expect((await fixBatchFile(file)).changes).toEqual([]);
    expect(list()).toEqual(["requests.jsonl"]);
  });

  test("leaves what it cannot mend: broken lines, bytes that are not UTF-8", async () => {
    const odd = Buffer.from('{"custom_id": oops}\n\xff\xfe"format"\n\n', "latin1");
    const { file, at } = place(odd);
    await fixBatchFile(file);
    expect(readFileSync(at("requests.fixed.jsonl"))).toEqual(odd.subarray(0, -1));
  });

  test.each([
    ["without its mark", ""],
    ["with its mark", "\ufeff"],
  ])("leaves UTF-16 %s as it is", async (_, mark) => {
    const { file, list } = place(Buffer.from(`${mark}${a}\r\n${b}\n`, "utf16le"));
    expect((await fixBatchFile(file)).changes).toEqual([]);
    expect(list()).toEqual(["requests.jsonl"]);
  });

  test("writes nothing when there is nothing to fix, and says so", async () => {
    const { file, list } = place(`${a}\n${b}\n`);
    const report = await fixBatchFile(file);
    expect({ ...report }).toEqual({ file, changes: [] });
    expect(`${report}`).toBe(`${file}: nothing that a fix can mend; nothing was written.\n`);
    expect(list()).toEqual(["requests.jsonl"]);
  });

  test("keeps a torn last line beside, and never writes over one that is kept", async () => {
    const { file, at, read, list } = place(`${a}\n${b.slice(0, 30)}`);
    writeFileSync(at("requests.torn"), "from an earlier crash");
    const report = await fixBatchFile(file);
    expect(report).toMatchObject({
      torn: at("requests.torn.1"),
      changes: [{ code: "torn_last_line", lines: [2] }],
    });
    expect(read("requests.fixed.jsonl")).toBe(`${a}\n`);
    expect(read("requests.torn.1")).toBe(b.slice(0, 30));
    expect(read("requests.torn")).toBe("from an earlier crash");
    expect(await fixBatchFile(file)).toMatchObject({ torn: at("requests.torn.1") });
    expect(list()).toEqual(["requests.fixed.jsonl", "requests.jsonl", "requests.torn", "requests.torn.1"]);
  });

  test("does not write over a fixed file that differs", async () => {
    const { file, at, read, list } = place(`${a}\r\n`);
    writeFileSync(at("requests.fixed.jsonl"), "changed by hand");
    await expect(fixBatchFile(file)).rejects.toMatchObject({
      code: "file_exists",
      hint: expect.stringContaining("inPlace (--in-place)"),
    });
    expect(read("requests.fixed.jsonl")).toBe("changed by hand");
    expect(list()).toEqual(["requests.fixed.jsonl", "requests.jsonl"]);
  });

  test("writes where it is told to", async () => {
    const { file, at, read } = place(`${a}\r\n`);
    expect(await fixBatchFile(file, { output: at("other.jsonl") })).toMatchObject({
      output: at("other.jsonl"),
    });
    expect(read("other.jsonl")).toBe(`${a}\n`);
  });

  test("reads a compressed file, and writes plain text", async () => {
    const { file, read } = place(gzipSync(`${a}\r\n`), "requests.jsonl.gz");
    await fixBatchFile(file);
    expect(read("requests.fixed.jsonl")).toBe(`${a}\n`);
    await expect(fixBatchFile(file, { inPlace: true })).rejects.toMatchObject({ code: "invalid_option" });
  });

  test("keeps the whole name of a file that is not called .jsonl", async () => {
    const { file, at } = place(`${a}\r\n`, "requests.txt");
    expect(await fixBatchFile(file)).toMatchObject({ output: at("requests.txt.fixed.jsonl") });
  });

  test("reads as text", async () => {
    const { file, at } = place(`${a}\r\n\n${b.slice(0, 9)}`);
    expect(`${await fixBatchFile(file)}`).toBe(
      [
        `${file}: a mended copy is in ${at("requests.fixed.jsonl")}`,
        "    ended lines with LF instead of CR LF (line 1)",
        "    removed blank lines (line 2)",
        "    cut off the torn last line (line 3)",
        `    the torn line is kept in ${at("requests.torn")}`,
        "",
      ].join("\n"),
    );
  });

  test.each([["-"], ["/dev/null"]])("refuses %s, which cannot be read twice", async (path) => {
    await expect(fixBatchFile(path)).rejects.toMatchObject({ code: "invalid_option" });
  });

  test.each([
    [{ inplace: true }, "Did you mean inPlace?"],
    [{ inPlace: "yes" }, "Use true or false."],
    [{ output: true }, "Use a path or a file URL."],
  ])("refuses a wrong option: %j", async (options, hint) => {
    const { file, list } = place(`${a}\r\n`);
    // Plain JavaScript may hand over anything.
    const wrong = options as Parameters<typeof fixBatchFile>[1];
    await expect(fixBatchFile(file, wrong)).rejects.toMatchObject({ code: "invalid_option", hint });
    expect(list()).toEqual(["requests.jsonl"]);
  });

  test("refuses a folder", async () => {
    const { folder } = place("");
    await expect(fixBatchFile(folder)).rejects.toMatchObject({ code: "not_a_file" });
  });

  test.skipIf(process.platform === "win32")("says what to do when the disk is full", async () => {
    const { file, list } = place(`${chatLine("a", { user: "x".repeat(100_000) })}\r\n`);
    const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
    const command = 'ulimit -f 50; exec "$0" "$@"';
    const tsx = ["--import", "tsx", main, "validate", "--fix", file];
    const { stderr } = spawnSync("bash", ["-c", command, process.execPath, ...tsx], { encoding: "utf8" });
    expect(stderr).toContain("error[disk_full]");
    expect(stderr).toContain("The file is as it was.");
    expect(list()).toEqual(["requests.jsonl"]);
  });

  test("changes nothing when it is stopped", async () => {
    const { file, list } = place(`${a}\r\n`);
    const reason = new Error("enough");
    await expect(fixBatchFile(file, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(list()).toEqual(["requests.jsonl"]);
  });
});

describe("in place", () => {
  test("the file is replaced, and kept as it was under a free name", async () => {
    const { file, at, read, list } = place(`${a}\r\n`);
    chmodSync(file, 0o640);
    const { ino } = statSync(file);
    writeFileSync(at("requests.jsonl.bak"), "an earlier backup");
    const report = await fixBatchFile(file, { inPlace: true });
    expect(report).toMatchObject({ output: file, backup: at("requests.jsonl.bak.1") });
    expect(read("requests.jsonl")).toBe(`${a}\n`);
    expect(read("requests.jsonl.bak")).toBe("an earlier backup");
    expect(read("requests.jsonl.bak.1")).toBe(`${a}\r\n`);
    expect(statSync(at("requests.jsonl.bak.1")).ino).toBe(ino);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(list()).toEqual(["requests.jsonl", "requests.jsonl.bak", "requests.jsonl.bak.1"]);
  });

  test("a link goes on to lead to the file", async () => {
    const { file, at, read } = place(`${a}\r\n`);
    symlinkSync(file, at("link.jsonl"));
    await fixBatchFile(at("link.jsonl"), { inPlace: true });
    expect(read("requests.jsonl")).toBe(`${a}\n`);
    expect(readFileSync(at("link.jsonl"), "utf8")).toBe(`${a}\n`);
  });

  test("a good file is left alone", async () => {
    const { file, list } = place(`${a}\n`);
    expect((await fixBatchFile(file, { inPlace: true })).output).toBeUndefined();
    expect(list()).toEqual(["requests.jsonl"]);
  });

  test("excludes an output", async () => {
    const { file, at } = place(`${a}\r\n`);
    const options = { inPlace: true, output: at("x.jsonl") };
    await expect(fixBatchFile(file, options)).rejects.toMatchObject({ code: "invalid_option" });
    expect(existsSync(at("x.jsonl"))).toBe(false);
  });
});

describe("a response format in a wrapper that does not belong there", () => {
  const schema =
    '{"type": "object",  "properties": {"n": {"type":"number","minimum":1.0}}, "required":["n"], "additionalProperties":false}';
  const chat = (format: string): string =>
    `{"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "temperature": 1.0, "response_format": ${format}, "messages": [{"role": "user", "content": "format \\u00e9"}]}}`;
  const responses = (format: string): string =>
    `{"custom_id":"a","method":"POST","url":"/v1/responses","body":{"model":"m","input":"x","text":{"format":${format},"verbosity":"low"}}}`;
  const flat = `{"type": "json_schema", "name": "N", "strict": true, "schema": ${schema}}`;
  const nested = `{"type": "json_schema", "json_schema": {"name": "N", "strict": true, "schema": ${schema}}}`;

  test.each([
    ["as the Python package writes it", chat(`{"format": ${flat}}`), chat(nested)],
    ["twice", chat(`{"format": {"format": ${flat}}}`), chat(nested)],
    ["nested already", chat(`{"format": ${nested}}`), chat(nested)],
    ["of plain JSON", chat('{"format":{"type":"json_object"}}'), chat('{"type":"json_object"}')],
    ["in responses", responses(`{"format": ${flat}}`), responses(flat)],
  ])("%s, is taken out of it, and the rest stays as it is", async (_name, wrong, right) => {
    const toB = (line: string): string => line.replace(/("custom_id": ?)"a"/, '$1"b"');
    const { file, read } = place(`${wrong}\n${toB(wrong)}\n`);
    const report = await fixBatchFile(file);
    expect(report.changes).toEqual([{ code: "wrong_response_format", lines: [1, 2], lineCount: 2 }]);
    expect(read("requests.fixed.jsonl")).toBe(`${right}\n${toB(right)}\n`);
  });

  test("is found by the check, and no longer after the fix", async () => {
    const { file, at } = place(`${chat(`{"format": ${flat}}`)}\n`);
    expect((await validateBatchFile(file)).findings).toMatchObject([
      { code: "wrong_response_format", severity: "error" },
    ]);
    await fixBatchFile(file);
    expect((await validateBatchFile(at("requests.fixed.jsonl"))).findings).toEqual([]);
  });

  test.each([
    ["a right one", chat(nested)],
    [
      "one that comes twice",
      chat(`{"format": ${flat}}`).replace('"temperature": 1.0', '"response_format": {"type": "text"}'),
    ],
    ["one with something beside", chat(`{"format": ${flat}, "strict": true}`)],
    [
      "one at another endpoint",
      chat(`{"format": ${flat}}`).replace("/v1/chat/completions", "/v1/embeddings"),
    ],
  ])("%s is left as it is", async (_name, line) => {
    const { file } = place(`${line}\n`);
    expect((await fixBatchFile(file)).changes).toEqual([]);
  });
});
