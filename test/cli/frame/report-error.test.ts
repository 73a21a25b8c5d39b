import { describe, expect, test } from "vitest";
import { reportError } from "../../../src/cli/frame/report-error.js";
import { type Code, OpenbatchError } from "../../../src/errors/index.js";

describe("an error that openbatch knows", () => {
  test("is told with its code and its hint", () => {
    const { written } = report(
      new OpenbatchError("file_exists", "a.jsonl is there.", { hint: "Add --append." }),
    );
    expect(written).toEqual({
      out: "",
      error: "error[file_exists]: a.jsonl is there.\nhint: Add --append.\n",
    });
  });

  test("is told to machines too with --json", () => {
    const { written } = report(new OpenbatchError("file_exists", "There.", { hint: "Go." }), { json: true });
    expect(JSON.parse(written.out)).toEqual({
      error: { code: "file_exists", message: "There.", hint: "Go." },
    });
  });

  test("steers no terminal, whatever the path in it holds, and to machines says the same value", () => {
    const name = "a\u001b[31m\u009b\u202e\u2028.jsonl";
    const { written } = report(new OpenbatchError("file_exists", `${name} is there.\nSo.`), { json: true });
    expect(written.error).toContain("a\\u001b[31m\\u009b\\u202e\\u2028.jsonl is there.\nSo.\n");
    expect(written.out).not.toMatch(/[\u001b\u009b\u202e\u2028]/);
    expect(JSON.parse(written.out).error.message).toBe(`${name} is there.\nSo.`);
  });

  test("gives its hint once where the message has it already", () => {
    const { written } = report(new OpenbatchError("disk_full", "Full. Make room.", { hint: "Make room." }));
    expect(written.error).toBe("error[disk_full]: Full. Make room.\n");
  });

  test.each<[Code, number]>([
    ["duplicate_custom_id", 1],
    ["row_failed", 1],
    ["file_not_found", 2],
    ["file_exists", 2],
    ["unreadable_input", 2],
    ["invalid_option", 2],
    ["disk_full", 3],
    ["file_failed", 3],
    ["interrupted", 130],
  ])("%s ends with %i", (code, exit) => {
    expect(report(new OpenbatchError(code, "No.")).exit).toBe(exit);
  });
});

describe("an error that it does not know", () => {
  const thrown = new SyntaxError('Unexpected token, "tell me a secret" is not valid JSON');

  test("is told without its message, which may quote what was read", () => {
    const { exit, written } = report(thrown);
    expect(exit).toBe(3);
    expect(written.error).toMatch(
      /^error\[unexpected_failure\]: Unexpected SyntaxError.*\.\nhint: .*OPENBATCH_DEBUG=1/,
    );
    expect(written.error).not.toContain("secret");
  });

  test.each([{ OPENBATCH_DEBUG: "1" }, { DEBUG: "openbatch" }])("is told in full with %j", (env) => {
    Object.assign(process.env, env);
    try {
      expect(report(thrown).written.error).toContain(thrown.stack);
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
    }
  });
});

test("whatever is thrown after an interrupt counts as the interrupt", () => {
  const controller = new AbortController();
  controller.abort(new OpenbatchError("interrupted", "Interrupted."));
  const { exit, written } = report(new DOMException("Aborted", "AbortError"), { signal: controller.signal });
  expect(exit).toBe(130);
  expect(written.error).toMatch(/^error\[interrupted\]: Interrupted\.\n/);
});

function report(
  thrown: unknown,
  { json = false, signal = new AbortController().signal }: { json?: boolean; signal?: AbortSignal } = {},
) {
  const written = { out: "", error: "" };
  const io = {
    signal,
    isTerminal: false,
    writeOut: (text: string) => {
      written.out += text;
    },
    goOnWithoutReader: () => undefined,
    writeError: (text: string) => {
      written.error += text;
    },
  };
  return { exit: reportError(thrown, io, { json }), written };
}
