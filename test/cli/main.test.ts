import { describe, expect, test } from "vitest";
import { runCli } from "./run-cli.js";

describe("openbatch", () => {
  test.each([["--help"], ["-h"], ["help"]])("%s lists the commands on standard output", async (...args) => {
    const { exit, out, error } = await runCli(args);
    expect({ exit, error }).toEqual({ exit: 0, error: "" });
    expect(out).toMatch(/^Usage: openbatch COMMAND/);
    for (const name of ["init", "build", "validate"]) expect(out).toContain(`\n  ${name} `);
  });

  test("--help shows where to start, and three examples", async () => {
    const { out } = await runCli(["--help"]);
    expect(out).toContain("To start: openbatch init");
    expect(out.match(/^ {2}openbatch (?:build|run|results) /gm)).toHaveLength(3);
  });

  test.each([["worker"], ["workers"], ["migrate"], ["serve"]])(
    "the help of %s tells the Node that a database needs",
    async (name) => {
      expect((await runCli([name, "--help"])).out).toContain("needs Node 22.12 or newer.");
    },
  );

  test("the help of doctor says that a rehearsal needs none of it", async () => {
    const { out } = await runCli(["doctor", "--help"]);
    expect(out).toContain("A rehearsal\n(openbatch run FILE --rehearse) needs none of this.");
  });

  test("alone shows the same help, as a wrong usage", async () => {
    const { exit, out, error } = await runCli([]);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(error).toMatch(/^Usage: openbatch COMMAND/);
  });

  test.each(["init", "build", "validate"])("tells what %s takes, in two ways that agree", async (name) => {
    const [asked, optional] = await Promise.all([runCli(["help", name]), runCli([name, "--help"])]);
    expect(asked).toEqual(optional);
    expect(asked).toMatchObject({ exit: 0, error: "" });
    expect(asked.out).toContain(`Usage: openbatch ${name} `);
  });

  test("tells what a file may be checked for", async () => {
    const { out } = await runCli(["help", "validate"]);
    expect(out.replace(/\s+/g, " ")).toContain(
      "openbatch: openbatch plan cuts them, or openbatch run sends them request by request",
    );
  });
});

describe("wrong usage", () => {
  test("of --for is told with the service that was meant", async () => {
    const { exit, error } = await runCli(["validate", "--for", "grok", "x"]);
    expect(exit).toBe(2);
    expect(error).toContain("hint: Did you mean groq?");
  });

  test.each([
    [["validat"], "Unknown command 'validat'.", "Did you mean validate? See openbatch --help."],
    [["frobnicate"], "Unknown command 'frobnicate'.", "See openbatch --help."],
    [["--frobnicate"], "Unknown option '--frobnicate'.", "See openbatch --help."],
    [
      ["validate", "--strct", "x"],
      "Unknown option '--strct'.",
      "Did you mean --strict? See openbatch validate --help.",
    ],
    [["help", "nope"], "Unknown command 'nope'.", "See openbatch --help."],
    [["help", "validat"], "Unknown command 'validat'.", "Did you mean validate?"],
    [["validate", "-", "-"], "Standard input is named twice.", 'Name "-" once.'],
    [
      ["build", "--input-format", "nobody", "x"],
      "Option '--input-format <format>' argument 'nobody' is invalid. Allowed choices are csv, tsv, jsonl, json, parquet, xlsx.\n",
      "See",
    ],
    [["build", "--limit"], "Option '--limit <", "See openbatch build --help."],
    [
      ["ask", "customer", "reviews.csv", "Friendly? {Text}"],
      "Too many arguments for 'ask'.",
      "A name or a text with spaces stands in quotes. See openbatch ask --help.",
    ],
    [
      ["ask", "--api-key=sk-secret", "x"],
      "Unknown option '--api-key'.\n",
      "A key stands in no command line. Name the variable that holds it: --api-key-env NAME.",
    ],
  ])("%j says what is wrong and where help is", async (args, message, hint) => {
    const { exit, out, error } = await runCli(args);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(error).toContain(`error[wrong_usage]: ${message}`);
    expect(error).toContain(`hint: ${hint}`);
    expect(error).not.toContain("sk-secret");
  });

  test("is one object on standard output with --json, and words on standard error", async () => {
    const { exit, out, error } = await runCli(["frobnicate", "--json"]);
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toEqual({
      error: { code: "wrong_usage", message: "Unknown command 'frobnicate'.", hint: "See openbatch --help." },
    });
    expect(error).toContain("error[wrong_usage]");
  });
});
