// From the rows of a table to typed answers, with the commands and the calls that a user types: npm run demo
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createReadStream, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import OpenAI from "openai";
import { readResults } from "openbatch";
import { startBatchServer } from "openbatch/testing";
import { createColors } from "picocolors";
import * as z from "zod";

const { bold, cyan, dim } = createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);
const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
mkdirSync("demo", { recursive: true });

tell("1. A table of 46 chemical elements, and a template with a prompt and a schema for the answers");
show("examples/data/elements.csv", 3);
show("examples/elements.yaml");

tell("2. Collect: each row becomes a request of a batch file");
openbatch(
  "build --template examples/elements.yaml --input examples/data/elements.csv --output demo/elements.jsonl --overwrite",
);

tell("3. Check: what the service would refuse is found before anybody pays for it, here in a broken copy");
openbatch("validate demo/elements.jsonl");
writeFileSync("demo/broken.jsonl", breakLines(readFileSync("demo/elements.jsonl", "utf8")));
openbatch("validate demo/broken.jsonl", { exitCode: 1 });

tell("4. Run: OpenAI's own client, against a Batch API on this machine that makes answers up");
const results = await runBatch("demo/elements.jsonl");

tell("6. Results: one for each request, whichever file it is in, and typed by the schema");
await showTable("demo/elements.jsonl", results);

tell("7. The same as a summary and as a table, each answer beside its row");
openbatch(
  `results demo/elements.jsonl ${results.map((file) => `--results ${file}`).join(" ")} --join examples/data/elements.csv --on element-{number} --to demo/answers.csv --columns parsed.topic,parsed.people,problem.code,error.code --overwrite`,
  { exitCode: 1 },
);
show("demo/answers.csv", 3);

tell("The files are here");
for (const file of ["demo/elements.jsonl", ...results, "demo/answers.csv"]) console.log(`  ${root}${file}`);

function breakLines(text: string): string {
  const lines = text.split("\n");
  const edit = (index: number, from: string, to: string): void => {
    lines[index] = (lines[index] ?? "").replace(from, to);
  };
  edit(4, '"temperature"', '"temprature"');
  edit(7, '"element-8"', '"element-1"');
  return lines.join("\n").trimEnd().slice(0, -120);
}

/** Sends a batch file through the Batch API; gives the paths of the downloaded results. */
async function runBatch(requests: string): Promise<readonly string[]> {
  await using server = await startBatchServer({
    rehearse: { delayMs: 150, faults: ["refusal:element-3", "400:element-5"] },
    concurrency: 8,
  });
  const client = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey });
  call(`client = new OpenAI({ baseURL: "${server.baseURL}" })`);

  const file = await client.files.create({ file: createReadStream(requests), purpose: "batch" });
  call(`client.files.create({ file: "${requests}", purpose: "batch" })`, file.id);
  let batch = await client.batches.create({
    input_file_id: file.id,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
  });
  call(`client.batches.create({ input_file_id, … })`, `${batch.id} ${batch.status}`);
  while (!["completed", "failed", "expired", "cancelled"].includes(batch.status)) {
    await setTimeout(300);
    batch = await client.batches.retrieve(batch.id);
    const { completed = 0, failed = 0, total = 0 } = batch.request_counts ?? {};
    call("client.batches.retrieve(id)", `${batch.status}, ${completed + failed} of ${total}`);
  }

  const downloads = [
    { id: batch.output_file_id, path: "demo/output.jsonl" },
    { id: batch.error_file_id, path: "demo/errors.jsonl" },
  ];
  for (const { id, path } of downloads) {
    if (!id) throw new Error(`The batch has no file for ${path}.`);
    const content = await client.files.content(id);
    writeFileSync(path, await content.text());
    call(`client.files.content("${id}")`, path);
  }

  tell("5. The same in one command, which goes on where it was stopped");
  for (const left of ["demo/elements.rehearsal.jsonl", "demo/elements.rehearsal.job"])
    rmSync(left, { recursive: true, force: true });
  await openbatchMeanwhile(`submit ${requests} --base-url ${server.baseURL}`, { exitCode: 1 });
  return downloads.map(({ path }) => path);
}

async function showTable(requests: string, files: readonly string[]): Promise<void> {
  const Facts = z.object({
    topic: z.enum(["nature", "use", "history"]),
    people: z.array(z.string()),
    is_dangerous: z.boolean().nullable(),
  });
  console.log(`\n${dim(">")} ${cyan("readResults({ requests, results, format: Facts })")}`);
  const table = [];
  for await (const result of readResults({ requests, results: files, format: Facts })) {
    const { custom_id } = result;
    if (result.status === "succeeded" && result.problem === undefined) {
      const { topic, people, is_dangerous } = result.parsed;
      table.push({ custom_id, topic, people: people.length, is_dangerous });
    } else if (result.status === "succeeded") table.push({ custom_id, problem: result.problem.code });
    else if (result.status === "failed") table.push({ custom_id, problem: result.error.code });
    else table.push({ custom_id, problem: result.status });
  }
  console.table(table.slice(0, 8));
  console.log(`The first 8 of ${table.length}.`);
}

/** Shows a call and what it gave. */
function call(text: string, outcome?: string): void {
  console.log(`${dim(">")} ${cyan(text)}${outcome === undefined ? "" : `  ${outcome}`}`);
}

/** Shows a command and runs it as it is built; the demo fails if it does not end as it should. */
function openbatch(line: string, { exitCode = 0 }: { readonly exitCode?: number } = {}): void {
  console.log(`\n${dim("$")} ${cyan(`npx openbatch ${line}`)}`);
  const { status } = spawnSync(process.execPath, ["dist/cli/main.js", ...line.split(" ")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== exitCode) process.exitCode = 1;
}

/** The same, while a server of this process answers it. */
async function openbatchMeanwhile(line: string, { exitCode }: { readonly exitCode: number }): Promise<void> {
  console.log(`\n${dim("$")} ${cyan(`npx openbatch ${line}`)}`);
  const child = spawn(process.execPath, ["dist/cli/main.js", ...line.split(" ")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [status] = await once(child, "close");
  if (status !== exitCode) process.exitCode = 1;
}

function show(file: string, count = Number.POSITIVE_INFINITY): void {
  const command = count === Number.POSITIVE_INFINITY ? `cat ${file}` : `head -n ${count} ${file}`;
  console.log(`\n${dim("$")} ${cyan(command)}`);
  console.log(readFileSync(file, "utf8").trimEnd().split("\n").slice(0, count).join("\n"));
}

function tell(text: string): void {
  console.log(`\n${bold(text)}`);
}
