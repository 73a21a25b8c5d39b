import { mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const root = temporaryFolder();
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(root, "init-"));
});

/** Runs a command line as it was printed. */
function runLine(line: string, extra: readonly string[] = []) {
  const [name, ...args] = line.trim().split(" ");
  expect(name).toBe("openbatch");
  return runCli([...args, ...extra], { cwd });
}

function nextLines(out: string): readonly string[] {
  return [...out.matchAll(/(?:^Next: |^ {2})(openbatch .*)$/gm)].map(([, line = ""]) => line);
}

function lastNext(out: string): string | undefined {
  return nextLines(out).at(-1);
}

describe("openbatch init", () => {
  test.runIf(process.platform === "linux")("ends where no folder can be made", async () => {
    expect(await runCli(["init", "/proc/nope"], { cwd })).toMatchObject({
      exit: 2,
      error: expect.stringContaining("error[file_not_found]"),
    });
  });

  test.each([
    ["here", [], ""],
    ["in a folder that it makes", ["a/b"], "a/b/"],
  ])("writes a template and a table %s, whose next commands find nothing wrong", async (_, args, prefix) => {
    const { exit, out, error } = await runCli(["init", ...args], { cwd });
    expect({ exit, error }).toEqual({ exit: 0, error: "" });
    const [first, , build = "", validate = ""] = out.split("\n");
    expect(first).toBe(`Wrote ${prefix}template.yaml and ${prefix}rows.csv.`);
    expect(await runLine(build)).toEqual({
      exit: 0,
      out: `Wrote 3 requests to ${prefix}requests.jsonl.\nNext: ${validate.trim()}\n`,
      error: "",
    });
    const checked = await runLine(validate, ["--strict", "--json"]);
    expect(checked.exit).toBe(0);
    expect(JSON.parse(checked.out)).toMatchObject({ isValid: true, files: [{ findings: [] }] });
  });

  test("begins a way of next commands that ends with the answers beside the rows", async () => {
    const walked: string[] = [];
    let out = (await runCli(["init", "x"], { cwd })).out;
    for (let line = lastNext(out); line !== undefined && walked.length < 9; line = lastNext(out)) {
      // The commands of init are one after the other; every other one names the next.
      const lines = walked.length === 0 ? nextLines(out) : [line];
      for (const command of lines) {
        const ran = await runLine(command);
        expect(ran).toMatchObject({ exit: 0 });
        out = ran.out;
        walked.push(command.split(" ").slice(0, 2).join(" "));
      }
    }
    expect(walked).toEqual(
      ["build", "validate", "run", "results", "results"].map((name) => `openbatch ${name}`),
    );
    expect(out).toContain(
      "Wrote 3 rows of x/rows.csv with their results to x/answers.csv, joined by review-{id}.",
    );
    expect((await readFile(join(cwd, "x/answers.csv"), "utf8")).split("\n")[0]).toMatch(
      /^id,hotel,stars,review,/,
    );
  });

  test("quotes paths in the commands that it prints", async () => {
    const { out } = await runCli(["init", "my folder"], { cwd });
    expect(out).toContain("--template 'my folder/template.yaml'");
  });

  test.each(["template.yaml", "rows.csv"])("writes nothing where %s is there already", async (name) => {
    await writeFile(join(cwd, name), "mine");
    const { exit, out, error } = await runCli(["init"], { cwd });
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(error).toContain(`error[file_exists]: ${name} is there already; nothing was written.`);
    expect(await readFile(join(cwd, name), "utf8")).toBe("mine");
    expect(await readdir(cwd)).toEqual([name]);
  });

  test("--ts writes a project of its own name, and the commands that run it", async () => {
    const { exit, out } = await runCli(["init", "My Project", "--ts"], { cwd });
    expect({ exit, out }).toEqual({
      exit: 0,
      out: "Wrote My Project/package.json, My Project/tsconfig.json and My Project/batch.ts.\nNext:\n  cd 'My Project'\n  npm install\n  npm start\n",
    });
    const text = await readFile(join(cwd, "My Project/package.json"), "utf8");
    const range = expect.stringMatching(/^\^\d/);
    expect(JSON.parse(text)).toMatchObject({
      ...{ name: "my-project", private: true, type: "module" },
      dependencies: { openai: range, openbatch: expect.stringMatching(/^file:/), zod: range },
      devDependencies: { "@types/node": range, tsx: range, typescript: range },
    });
    const again = await runCli(["init", "My Project", "--ts"], { cwd });
    expect(again).toMatchObject({ exit: 2, error: expect.stringContaining("is there already") });
    expect(await runCli(["init", "x", "--ts", "--from", "t.csv"], { cwd })).toMatchObject({ exit: 2 });
    expect((await runCli(["init", "--ts"], { cwd })).out).toContain("Next:\n  npm install\n");
  });

  test("--json lists the files and the next commands", async () => {
    const { exit, out } = await runCli(["init", "x", "--json"], { cwd });
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual({
      files: ["x/template.yaml", "x/rows.csv"],
      next: [
        "openbatch build --template x/template.yaml --input x/rows.csv --output x/requests.jsonl",
        "openbatch validate x/requests.jsonl",
      ],
    });
  });

  test("leaves nothing where one of the files cannot be written", async () => {
    await symlink("nowhere/rows.csv", join(cwd, "rows.csv"));
    expect(await runCli(["init"], { cwd })).toMatchObject({ error: expect.stringMatching(/^error\[/) });
    expect(await readdir(cwd)).toEqual(["rows.csv"]);
  });

  test("refuses a folder that is a file", async () => {
    await writeFile(join(cwd, "file"), "");
    for (const name of ["file", "file/x"]) {
      const { exit, error } = await runCli(["init", name], { cwd });
      expect(exit).toBe(2);
      expect(error).toContain("error[not_a_folder]");
      expect(error).not.toContain("mode");
    }
  });
});
