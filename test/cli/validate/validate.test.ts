import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { chatLine } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const root = temporaryFolder();
const [a, b] = [chatLine("a"), chatLine("b")];
const bad = `${a}\r\n\n${chatLine("b", { max_tokens: 5 })}\n${a}\n`;

/** A folder of its own with these files. */
function place(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(root, "cli-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const validate = (cwd: string, ...args: readonly string[]) => runCli(["validate", ...args], { cwd });

describe("openbatch validate", () => {
  test.each([
    ["rows.csv", "id,text\n1,a\n", "rows.csv is a table", "openbatch build rows.csv --template TEMPLATE"],
    ["t.yaml", "endpoint: x\n", "t.yaml is a template", "openbatch build TABLE --template t.yaml"],
  ])("points from %s to build, and so does run", async (name, content, message, hint) => {
    const cwd = place({ [name]: content });
    for (const args of [["validate"], ["run", "--rehearse"]]) {
      const { exit, error } = await runCli([...args, name], { cwd });
      expect(exit).toBe(2);
      expect(error).toContain(`error[not_a_batch_file]: ${message}, and no batch file.`);
      expect(error).toContain(hint);
    }
  });

  test("checks requests whatever the name of their file is", async () => {
    const cwd = place({ "requests.csv": `${a}\n` });
    expect(await validate(cwd, "requests.csv")).toMatchObject({
      exit: 1,
      out: expect.stringContaining("1 request"),
    });
  });

  test("says that a good file is ready, and what it holds", async () => {
    const cwd = place({ "good.jsonl": `${a}\n${b}\n` });
    expect(await validate(cwd, "good.jsonl")).toEqual({
      exit: 0,
      error: "",
      out: [
        "good.jsonl: ready to upload, nothing found",
        `    2 requests, ${a.length * 2 + 2} bytes, 2 custom_ids`,
        "    endpoints: /v1/chat/completions 2",
        "    models: gpt-4o-mini 2",
        `    longest line 1 (${a.length} bytes)`,
        "",
        "Next: openbatch run good.jsonl --rehearse",
        "",
      ].join("\n"),
    });
  });

  test("tells each finding with severity, code, place, id, path, message and hint", async () => {
    const { exit, out, error } = await validate(place({ "bad.jsonl": bad }), "bad.jsonl");
    expect({ exit, error }).toEqual({ exit: 1, error: "" });
    expect(out).toBe(
      [
        "error  duplicate_custom_id  bad.jsonl:4  custom_id a",
        '    custom_id: "a" is the custom_id of line 1 already.',
        "    hint: Give each request an id of its own.",
        "",
        "warning  blank_line  bad.jsonl:2",
        "    The line is blank.",
        "    hint: Remove it: openbatch validate --fix.",
        "",
        "warning  deprecated_parameter  bad.jsonl:3  custom_id b",
        "    body.max_tokens: is deprecated.",
        "    hint: Use max_completion_tokens.",
        "",
        "note  crlf_line_ends  bad.jsonl:1",
        "    The line ends with CR LF.",
        "    hint: Write LF alone to be safe: openbatch validate --fix.",
        "",
        "bad.jsonl: not ready to upload, 1 error, 2 warnings, 1 note",
        `    3 requests, ${bad.length} bytes, 2 custom_ids`,
        "    endpoints: /v1/chat/completions 3",
        "    models: gpt-4o-mini 3",
        `    1 blank line, longest line 3 (${chatLine("b", { max_tokens: 5 }).length} bytes)`,
        "",
        "",
      ].join("\n"),
    );
  });

  test("says how many more lines have it", async () => {
    const lines = Array.from({ length: 40_000 }, (_, index) => `${chatLine(`${index}`, { n: 0 })}\n`).join(
      "",
    );
    const { out } = await validate(place({ "many.jsonl": lines }), "many.jsonl");
    expect(out).toContain("    and 39,999 more lines: 2, 3, 4, 5, 6, 7, 8, 9, 10, …\n");
    expect(out.split("\n").length).toBeLessThan(15);
  });

  test("colours only what goes to a terminal", async () => {
    const cwd = place({ "bad.jsonl": bad });
    const forced = await runCli(["validate", "bad.jsonl"], { cwd, env: { NO_COLOR: "" } });
    expect(forced.out).not.toContain("\u001b");
  });

  test.each<[string, string[], number]>([
    ["no error", ["good.jsonl"], 0],
    ["warnings", ["warn.jsonl"], 0],
    ["warnings, strictly", ["--strict", "warn.jsonl"], 1],
    ["an error", ["bad.jsonl"], 1],
    ["a good file and a bad one", ["good.jsonl", "bad.jsonl"], 1],
    ["a file that is not there", ["bad.jsonl", "none.jsonl"], 2],
    ["a folder", ["."], 2],
    ["no file", [], 2],
    ["a wrong target", ["--for", "batch", "good.jsonl"], 2],
    ["a wrong number", ["--max-findings", "x", "good.jsonl"], 2],
    ["two models", ["models.jsonl"], 1],
    ["two models, for openbatch", ["--for", "openbatch", "models.jsonl"], 0],
    ["a compressed file", ["good.jsonl.gz"], 1],
    ["a compressed file, for openbatch", ["--for", "openbatch", "good.jsonl.gz"], 0],
    ["a parameter that is unknown, strictly", ["--strict", "unknown.jsonl"], 1],
    ["one that is let through", ["--strict", "--allow-unknown", "made_up_thing,other", "unknown.jsonl"], 0],
    ["all let through", ["--strict", "--allow-unknown", "all", "unknown.jsonl"], 0],
  ])("with %s ends with the right code", async (_name, args, exit) => {
    const cwd = place({
      "good.jsonl": `${a}\n`,
      "good.jsonl.gz": gzipSync(`${a}\n`),
      "warn.jsonl": `${a}\n\n`,
      "bad.jsonl": bad,
      "models.jsonl": `${a}\n${chatLine("b", { model: "gpt-4.1" })}\n`,
      "unknown.jsonl": `${chatLine("a", { made_up_thing: 1 })}\n`,
    });
    expect((await validate(cwd, ...args)).exit).toBe(exit);
  });

  test("checks the files that it can read, and tells of the others", async () => {
    const { out, error, exit } = await validate(
      place({ "good.jsonl": `${a}\n` }),
      "none.jsonl",
      "good.jsonl",
    );
    expect(exit).toBe(2);
    expect(error).toContain(
      "error[file_not_found]: Could not open none.jsonl: there is no such file or folder (ENOENT).",
    );
    expect(out).toContain("good.jsonl: ready to upload");
  });

  test("lists as many findings as it is told to, and counts all", async () => {
    const lines = Array.from(
      { length: 60 },
      (_, index) => `${chatLine(`${index}`, { [`odd_${index}_x`]: 0 })}\n`,
    );
    const cwd = place({ "odd.jsonl": lines.join("") });
    const [usual, two] = await Promise.all([
      validate(cwd, "odd.jsonl"),
      validate(cwd, "--max-findings", "2", "odd.jsonl"),
    ]);
    expect(usual.out.match(/^warning {2}/gm)).toHaveLength(50);
    expect(two.out.match(/^warning {2}/gm)).toHaveLength(2);
    expect(two.out).toContain("… and 58 more findings of further causes");
    expect(two.out).toContain("ready to upload, 60 warnings");
  });

  test("reads standard input", async () => {
    const { out, exit } = await runCli(["validate", "-"], { input: `${a}\n${a}\n` });
    expect(exit).toBe(1);
    expect(out).toContain("error  duplicate_custom_id  standard input:2  custom_id a");
    const compressed = await runCli(["validate", "-"], { input: gzipSync(`${a}\n`) });
    expect(compressed.exit).toBe(0);
  });

  test("with --json prints one object, and everything else on standard error", async () => {
    const cwd = place({ "good.jsonl": `${a}\n`, "bad.jsonl": bad });
    const { out, error, exit } = await validate(cwd, "--json", "good.jsonl", "bad.jsonl", "none.jsonl");
    expect(exit).toBe(2);
    expect(error).toContain("error[file_not_found]");
    const parsed = JSON.parse(out);
    expect(parsed).toMatchObject({
      isValid: false,
      files: [
        {
          file: "good.jsonl",
          target: "upload",
          isValid: true,
          errors: 0,
          findings: [],
          stats: { totalRequests: 1 },
        },
        {
          ...{ file: "bad.jsonl", isValid: false, errors: 1, warnings: 2, notes: 1, omitted: 0 },
          stats: { totalRequests: 3, uniqueCustomIds: 2, models: { "gpt-4o-mini": 3 } },
        },
        { file: "none.jsonl", isValid: false, error: { code: "file_not_found" } },
      ],
    });
    expect(parsed.files[1].findings[0]).toEqual({
      ...{ severity: "error", code: "duplicate_custom_id", line: 4, lines: [4], lineCount: 1, count: 1 },
      ...{ custom_id: "a", path: "custom_id", message: '"a" is the custom_id of line 1 already.' },
      hint: "Give each request an id of its own.",
    });
  });

  test("shows no name that could steer a terminal", async () => {
    const id = "\u001b[2J\u202ex";
    const line = chatLine(id, { model: `m\u0007\u009b` });
    const { out } = await validate(place({ "odd.jsonl": `${line}\n${line}\n` }), "odd.jsonl");
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe("--fix", () => {
  const broken = `\ufeff${a}\r\n\n${b.slice(0, 30)}`;

  test("writes a fixed file beside, says what was done, and checks it", async () => {
    const cwd = place({ "x.jsonl": broken });
    const { exit, out, error } = await validate(cwd, "--fix", "x.jsonl");
    expect({ exit, error }).toEqual({ exit: 0, error: "" });
    expect(out).toContain(
      [
        "x.jsonl: a mended copy is in x.fixed.jsonl",
        "    removed the byte order mark (line 1)",
        "    ended lines with LF instead of CR LF (line 1)",
        "    removed blank lines (line 2)",
        "    cut off the torn last line (line 3)",
        "    the torn line is kept in x.torn",
        "",
        "x.fixed.jsonl: ready to upload, nothing found",
      ].join("\n"),
    );
    expect(readdirSync(cwd).sort()).toEqual(["x.fixed.jsonl", "x.jsonl", "x.torn"]);
    expect(readFileSync(join(cwd, "x.jsonl"), "utf8")).toBe(broken);
    expect(readFileSync(join(cwd, "x.fixed.jsonl"), "utf8")).toBe(`${a}\n`);
  });

  test("--in-place puts it where the file was, which is kept", async () => {
    const cwd = place({ "x.jsonl": broken });
    const { exit, out } = await validate(cwd, "--in-place", "x.jsonl");
    expect(exit).toBe(0);
    expect(out).toContain("the file as it was is kept in x.jsonl.bak");
    expect(readFileSync(join(cwd, "x.jsonl"), "utf8")).toBe(`${a}\n`);
    expect(readFileSync(join(cwd, "x.jsonl.bak"), "utf8")).toBe(broken);
  });

  test.each([
    ["\n", "a mended copy is in x.fixed.jsonl\n    removed blank lines (line 1)\n"],
    ["", "nothing that a fix can mend; nothing was written.\n"],
  ])("says how many errors remain: after %j", async (before, said) => {
    const cwd = place({
      "x.jsonl": `${before}${a}\n${chatLine("a", { n: 1 })}\n${chatLine("c", { n: 0 })}\n`,
    });
    const { exit, out } = await validate(cwd, "--fix", "x.jsonl");
    expect(exit).toBe(1);
    expect(out).toContain(`x.jsonl: ${said}    2 errors remain that it cannot mend\n\n`);
  });

  test("refuses a folder", async () => {
    const { exit, error } = await validate(place({}), "--fix", ".");
    expect(exit).toBe(2);
    expect(error).toContain("error[not_a_file]");
  });

  test("says that there is nothing to fix", async () => {
    const cwd = place({ "x.jsonl": `${a}\n` });
    const { exit, out } = await validate(cwd, "--fix", "x.jsonl");
    expect(exit).toBe(0);
    expect(out).toContain("x.jsonl: nothing that a fix can mend; nothing was written.");
    expect(readdirSync(cwd)).toEqual(["x.jsonl"]);
  });

  test("is part of the object of --json", async () => {
    const cwd = place({ "x.jsonl": broken });
    const { out } = await validate(cwd, "--fix", "--json", "x.jsonl");
    expect(JSON.parse(out)).toMatchObject({
      isValid: true,
      files: [
        {
          file: "x.fixed.jsonl",
          fix: {
            file: "x.jsonl",
            output: "x.fixed.jsonl",
            torn: "x.torn",
            changes: [{ code: "byte_order_mark" }, {}, {}, {}],
          },
        },
      ],
    });
  });

  test.each([
    ["an existing file that differs", ["--fix", "x.jsonl"], "file_exists"],
    ["standard input", ["--fix", "-"], "invalid_option"],
  ])("ends with 2 for %s", async (_name, args, code) => {
    const cwd = place({ "x.jsonl": broken, "x.fixed.jsonl": "by hand" });
    const { exit, error } = await validate(cwd, ...args);
    expect(exit).toBe(2);
    expect(error).toContain(`error[${code}]`);
  });
});
