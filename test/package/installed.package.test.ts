import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchClientOutcome, batchClientScript } from "./batch-client-script.js";
import { InstalledProject } from "./installed-project.js";

const packageFolder = "node_modules/openbatch";

const usePackage = `
const collector = new BatchCollector(process.argv[2]);
collector.chat.completions.create({ custom_id: "a", model: "gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] });
collector.close();
`;
const line = {
  custom_id: "a",
  method: "POST",
  url: "/v1/chat/completions",
  body: { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] },
};
const asModule = `import { BatchCollector } from "openbatch";\n${usePackage}`;
const asCommonJs = `const { BatchCollector } = require("openbatch");\n${usePackage}`;

// The project's own file, which has a version.
const { version } = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8"),
) as { readonly version: string };

/** The newer SDK, beside the other under a name of its own. */
const newer = "openai7@npm:openai@7.59.0";

describe("the packed package, with openai 6.49", () => {
  let project: InstalledProject;
  beforeAll(() => {
    project = new InstalledProject(["openai@6.49.0", newer, "@types/node@20.19.43", "zod@4"]);
  });
  afterAll(() => project.remove());

  test("is imported by a module", () => {
    expect(writeWith(project, "run.mjs", asModule)).toEqual([line]);
  });

  test("is required by CommonJS", () => {
    expect(writeWith(project, "run.cjs", asCommonJs)).toEqual([line]);
  });

  test("has the command", () => {
    expect(project.run("npx", ["--no-install", "openbatch", "--version"])).toBe(`${version}\n`);
  });

  test("types a project that checks its libraries too", () => {
    expect(checkConsumer(project)).toEqual([]);
  });

  test("shows its classes by their own names, and one export a line", () => {
    const names =
      "console.log(new OpenbatchError('disk_full', 'x').stack.split(':')[0], BatchCollector.name)";
    const text = `import { BatchCollector, OpenbatchError } from "openbatch";\n${names}`;
    expect(project.run(process.execPath, [project.write("names.mjs", text)])).toBe(
      "OpenbatchError BatchCollector\n",
    );
    const code = readdirSync(path.join(project.folder, packageFolder, "dist"), {
      recursive: true,
      encoding: "utf8",
    })
      .filter((name) => name.endsWith(".js"))
      .map((name) => project.read(`${packageFolder}/dist/${name}`));
    expect(code.join("").match(/class _\w+/g)).toBeNull();
    const types = project.read(`${packageFolder}/dist/index.d.ts`).split("\n");
    expect(types.filter((one) => one.length > 80)).toEqual([]);
  });

  test("has the pages that its README links to", () => {
    const links = [...project.read(`${packageFolder}/README.md`).matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
    expect(links.length).toBeGreaterThan(5);
    for (const [, link = ""] of links) {
      expect({ link, isThere: existsSync(path.join(project.folder, packageFolder, link)) }).toEqual({
        link,
        isThere: true,
      });
    }
  });

  test("finds the file of its worker threads", () => {
    const text = `${JSON.stringify(line)}\n`;
    const count = Math.ceil(50_500_000 / text.length);
    const lines = Array.from({ length: count }, (_, index) => text.replace('"a"', `"${index}"`));
    project.write("large.jsonl", lines.join(""));
    const check = `
      import { validateBatchFile } from "openbatch";
      const { stats } = await validateBatchFile("large.jsonl", { target: "openbatch", workers: 1 });
      console.log(stats.totalRequests);
    `;
    expect(project.run(process.execPath, [project.write("check.mjs", check)])).toBe(`${count}\n`);
  });

  test("serves the SDK the files and batches that it asks for", () => {
    const script = project.write("batch-client.mjs", batchClientScript);
    expect(JSON.parse(project.run(process.execPath, [script]))).toEqual(batchClientOutcome);
  });

  test("loads nothing heavy when it is imported", () => {
    const loaded = project.listLoadedPackages(["--input-type=module", "--eval", 'import "openbatch";']);
    const heavy = ["ajv", "commander", "csv-parse", "hono", "hyparquet", "openai", "undici", "yaml", "zod"];
    expect(loaded).toContain("openbatch");
    expect(loaded.filter((name) => heavy.includes(name))).toEqual([]);
  });

  test("loads none of Node's streams when it is imported", () => {
    // Standard output is a stream, so the list is taken before.
    const script = 'import "openbatch"; const list = process.moduleLoadList.join("\\n"); console.log(list);';
    const loaded = project.run(process.execPath, ["--input-type=module", "--eval", script]).split("\n");
    expect(loaded).toContain("NativeModule fs");
    expect(loaded).not.toContain("NativeModule stream");
  });

  test("makes no rules before the first request", () => {
    const importing = 'import { BatchCollector } from "openbatch";';
    const creating = `const { chat } = new BatchCollector("requests.jsonl", { mode: "overwrite" });
      chat.completions.create({ custom_id: "1", model: "gpt-5.5", messages: [{ role: "user", content: "Hi" }] });`;
    const listCalled = (code: string) => project.listCalledFunctions(["--input-type=module", "--eval", code]);
    expect(listCalled(importing)).not.toContain("knownName");
    expect(listCalled(importing + creating)).toContain("knownName");
  });

  test("names nothing that is not declared where it is named", () => {
    const dist = path.join(project.folder, packageFolder, "dist");
    const files = readdirSync(dist)
      .filter((name) => name.endsWith(".js"))
      .map((name) => path.join(dist, name))
      .filter((file) => readFileSync(file, "utf8").includes("// What is made with the first call."));
    expect(files.length).toBeGreaterThan(0);
    expect(findUndeclared(files)).toEqual([]);
  });

  test("has no file with nothing in it", () => {
    const dist = path.join(project.folder, packageFolder, "dist");
    const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".js"),
    );
    expect(files.filter((name) => readFileSync(path.join(dist, name), "utf8").trim() === "")).toEqual([]);
  });

  test("is built of ASCII alone, which V8 reads faster", () => {
    const dist = path.join(project.folder, packageFolder, "dist");
    const files = readdirSync(dist).filter((name) => name.endsWith(".js"));
    const others = files.filter((name) => /[^\0-\x7f]/.test(readFileSync(path.join(dist, name), "utf8")));
    expect(files).toContain("index.js");
    expect(others).toEqual([]);
  });

  test("goes on under openai 7 with a job that was begun under openai 6", () => {
    const script = project.write("job.mjs", jobOfTwoVersions);
    expect(JSON.parse(project.run(process.execPath, [script]))).toEqual({
      versions: ["6", "7"],
      begun: { requests: 3, succeeded: 0 },
      ended: { requests: 3, succeeded: 3 },
      batches: 1,
    });
  });

  test("loads nothing but itself to tell its version", () => {
    const command = path.join(project.folder, "node_modules/openbatch/dist/cli/main.js");
    expect(project.listLoadedPackages([command, "--version"])).toEqual(["openbatch"]);
  });
});

// Under a newer Node, which the npm package `node` brings, and the newer SDK, which asks for it.
describe.runIf(process.env.OPENBATCH_LONG_TESTS === "1")(
  "the packed package, with openai 7 (set OPENBATCH_LONG_TESTS=1)",
  () => {
    let project: InstalledProject;
    beforeAll(() => {
      project = new InstalledProject(["openai@7", "@types/node@22", "zod@4"]);
    });
    afterAll(() => project.remove());

    test("types a project that checks its libraries too", () => {
      expect(checkConsumer(project)).toEqual([]);
    });

    test.each(["22", "24", "26"])("works on Node %s", (major) => {
      const node = ["-y", "-p", `node@${major}`, "node"];
      expect(project.run("npx", [...node, "--version"])).toMatch(new RegExp(`^v${major}\\.`));
      for (const [name, text] of [
        ["run.mjs", asModule],
        ["run.cjs", asCommonJs],
      ] as const) {
        project.run("npx", [...node, project.write(name, text), `${major}-${name}.jsonl`]);
        expect(parseLines(project.read(`${major}-${name}.jsonl`))).toEqual([line]);
      }
      const script = project.write("batch-client.mjs", batchClientScript);
      expect(JSON.parse(project.run("npx", [...node, script]))).toEqual(batchClientOutcome);
      const command = "node_modules/openbatch/dist/cli/main.js";
      expect(project.run("npx", [...node, command, "validate", `${major}-run.mjs.jsonl`])).toContain("1");
    });
  },
);

/** What these files of built code name and nobody declares: Node would find it with the first use, and not with the import. */
function findUndeclared(files: readonly string[]): string[] {
  const program = ts.createProgram(files, {
    allowJs: true,
    checkJs: true,
    noEmit: true,
    noResolve: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.esnext.d.ts"],
    types: [],
  });
  // "Cannot find name", also with a name that is meant, and in the short form of a property.
  const codes = new Set([2304, 2552, 18_004]);
  return files
    .flatMap((file) => program.getSemanticDiagnostics(program.getSourceFile(file)))
    .filter(({ code }) => codes.has(code))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))
    .filter((message) => !((/'(\w+)'/.exec(message)?.[1] ?? "") in globalThis));
}

const jobOfTwoVersions = `
import OpenAI from "openai";
import { VERSION } from "openai/version";
import OpenAI7 from "openai7";
import { VERSION as VERSION7 } from "openai7/version";
import { writeFileSync } from "node:fs";
import { submitBatchFile } from "openbatch/job";
import { startBatchServer } from "openbatch/testing";

const server = await startBatchServer({ stageMs: { in_progress: 1000 } });
const { baseURL, apiKey } = server;
const body = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] };
const lines = ["a", "b", "c"].map((custom_id) => ({ custom_id, method: "POST", url: "/v1/chat/completions", body }));
writeFileSync("job.jsonl", lines.map((line) => JSON.stringify(line) + "\\n").join(""));
const toCounts = ({ requests, succeeded }) => ({ requests, succeeded });
const options = { pollSeconds: 0.1 };
const begun = await submitBatchFile("job.jsonl", { ...options, client: new OpenAI({ baseURL, apiKey }), wait: false });
const client = new OpenAI7({ baseURL, apiKey });
const ended = await submitBatchFile("job.jsonl", { ...options, client });
console.log(JSON.stringify({
  versions: [VERSION, VERSION7].map((version) => version.split(".")[0]),
  begun: toCounts(begun),
  ended: toCounts(ended),
  batches: (await client.batches.list()).data.length,
}));
await server.close();
`;

const consumer = `
import { BatchCollector, OpenbatchError, openResults, validateBatchFile } from "openbatch";
import { executeBatchFile, readRunRecord } from "openbatch/execute";
import { type BatchServer, type ServerEvent, serveBatchApi } from "openbatch/serve";
import { startBatchServer } from "openbatch/testing";
import { z } from "zod";

const City = z.object({ city: z.string() });
using collector = new BatchCollector("a.jsonl", { buffered: true });
collector.responses.create({ custom_id: "a", model: "gpt-4o-mini", input: "Hi", temperature: 0.1 });
const ref = collector.chat.completions.parse({
  custom_id: "b",
  model: "gpt-4o",
  messages: [{ role: "user", content: "Hi" }],
  response_format: City,
});
const id: string = ref.custom_id;
const { isValid, findings } = await validateBatchFile("a.jsonl");
if (!isValid) throw new OpenbatchError("invalid_request", id + findings.length);
await using server = await startBatchServer({ clock: { speed: 0 }, trouble: { failPolls: 1 } });
await server.clock.advance(1000);
const onEvent = (event: ServerEvent): void => console.log(event.kind, server.baseURL);
const other: BatchServer = await serveBatchApi({ rehearse: { faults: ["429:0.1"] }, port: 0, onEvent });
await other.close({ graceMs: 0 });
const { record, failed } = await executeBatchFile("a.jsonl", { baseURL: server.baseURL });
const pid: number | undefined = (await readRunRecord(record)).underWay?.pid;
await using results = await openResults({ requests: "a.jsonl", results: "b.jsonl", format: City });
const city: string | undefined = (await results.get(ref))?.unwrap().parsed.city;
console.log(city, pid, failed);
`;

/** With no more settings than docs/README.md asks for. */
function checkConsumer(project: InstalledProject): string[] {
  project.write("package.json", '{ "name": "a-project", "private": true, "type": "module" }\n');
  const file = project.write("consumer.ts", consumer);
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ["node"],
    typeRoots: [path.join(project.folder, "node_modules/@types")],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  });
  return ts.getPreEmitDiagnostics(program).map(describeDiagnostic);
}

function writeWith(project: InstalledProject, name: string, text: string): unknown[] {
  project.run(process.execPath, [project.write(name, text), `${name}.jsonl`]);
  return parseLines(project.read(`${name}.jsonl`));
}

function parseLines(text: string): unknown[] {
  return text
    .trimEnd()
    .split("\n")
    .map((one) => JSON.parse(one));
}

function describeDiagnostic({ file, messageText }: ts.Diagnostic): string {
  return `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}
