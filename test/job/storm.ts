import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { readResults } from "../../src/index.js";
import type { BatchServerTrouble, TestBatchServer } from "../../src/testing.js";
import { mainFile } from "../cli/start-cli.js";
import { forgetServer, isOnPostgres, readServed, startBatchServer } from "../serve/start-batch-server.js";
import type { Draw } from "./draw.js";
import { toLines } from "./start-job.js";

/** What a server of a storm is: it lives until so many calls have come, and the next one begins after so long. */
interface ServerLife {
  readonly trouble: BatchServerTrouble;
  readonly calls: number;
  readonly awayMs: number;
}

/** One start of the command, and when it is killed. */
interface Start {
  readonly command: "submit" | "cancel" | "status";
  readonly flags: readonly string[];
  /** Killed so long after so many calls that the server has answered. */
  readonly kill: { readonly calls: number; readonly ms: number } | undefined;
}

/** What goes wrong in one storm, and when. The same for the same seed; how it meets is left to the machine. */
export interface Storm {
  readonly models: readonly number[];
  readonly bad: readonly string[];
  readonly speed: number;
  readonly stageMs: Readonly<Record<string, number>>;
  readonly slowMs: number;
  readonly lives: readonly ServerLife[];
  readonly starts: readonly Start[];
}

const key = "sk-storm-do-not-write-me-down";
const longSpeed = 43_200;

export function drawStorm(draw: Draw): Storm {
  const models = draw.list(1 + draw.below(3), () => 1 + draw.below(25));
  const total = models.reduce((sum, count) => sum + count, 0);
  const isLong = draw.chance(0.15);
  const speed = isLong ? longSpeed : 1;
  const bad = draw.chance(0.3) ? [`r${1 + draw.below(total)}`] : [];
  return {
    models,
    bad,
    speed,
    stageMs: {
      validating: draw.below(200) * speed,
      in_progress: draw.below(400) * speed,
      finalizing: draw.below(150) * speed,
      cancelling: draw.below(150) * speed,
    },
    slowMs: draw.below(30),
    lives: draw.list(draw.below(3), () => ({
      trouble: drawTrouble(draw, isLong),
      calls: 3 + draw.below(40),
      awayMs: draw.below(1_500),
    })),
    starts: draw.list(draw.below(6), () => drawStart(draw, bad.length > 0)),
  };
}

function drawTrouble(draw: Draw, isLong: boolean): BatchServerTrouble {
  const some = <Name extends keyof BatchServerTrouble>(name: Name, value: () => BatchServerTrouble[Name]) =>
    draw.chance(0.2) ? { [name]: value() } : {};
  const few = (): number => 1 + draw.below(3);
  // A file that neither its name nor a list shows, long after it was uploaded, is not there for anybody.
  const hidden = draw.chance(0.5) ? some("hideUploads", few) : some("lagLists", () => 1 + draw.below(2));
  return {
    ...hidden,
    ...some("failPolls", () => 1 + draw.below(7)),
    ...some("unknownStatus", () => ({ status: "in_queue", polls: few() })),
    ...some("enqueuedTokenLimits", () => ({ "model-0": 200 + draw.below(400) })),
    ...some("expireAfterRequests", () => draw.below(20)),
    ...some("cancelAfterRequests", () => draw.below(20)),
    ...some("shuffleOutput", () => true),
    ...some("missingLines", () => [`r${1 + draw.below(10)}`]),
    ...some("emptyErrorFileId", () => true),
    ...some("cutDownloads", few),
    ...some("endDownloads", few),
    ...some("growOutputs", () => 1 + draw.below(5)),
    ...some("expireOutputs", () => 1),
    ...some("loseUploads", few),
    ...some("loseCreates", few),
    ...some("limitUploads", few),
    ...some("limitCreates", few),
    ...some("hideCreates", few),
    ...some("lockCreates", few),
    ...(isLong && draw.chance(0.5) ? { stuckBatches: 1 } : {}),
  };
}

function drawStart(draw: Draw, hasBad: boolean): Start {
  const command = draw.chance(0.1) ? "cancel" : draw.chance(0.1) ? "status" : "submit";
  const waiting = draw.chance(0.2) ? ["--no-wait"] : [];
  // What is sent one by one has no id for a fault to go by.
  const sampling = draw.chance(0.2) && !hasBad ? ["--canary", "4", "--max-error-rate", "100"] : [];
  const flags = command === "submit" ? [...waiting, ...sampling] : [];
  const kill = draw.chance(0.85)
    ? { calls: draw.below(25), ms: draw.chance(0.5) ? 0 : draw.below(60) }
    : undefined;
  return { command, flags, kill };
}

/** What came of a storm: nothing, if all is as it should be. */
export async function weather(storm: Storm, folder: string): Promise<readonly string[]> {
  const place = new StormPlace(storm, folder);
  try {
    await place.begin();
    for (const start of storm.starts) await place.run(start);
    await place.calmDown();
    await place.finish();
    return [...place.faults, ...(await place.findFaults())];
  } finally {
    await place.close();
  }
}

class StormPlace {
  readonly faults: string[] = [];
  readonly #storm: Storm;
  readonly #folder: string;
  readonly #file: string;
  readonly #data: string;
  /** Batches in which a request was answered, by its id. */
  readonly #delivered = new Map<string, Set<string>>();
  /** Batches that executed something, by their intent. */
  readonly #executed = new Map<string, Set<string>>();
  readonly #said: string[] = [];
  #server: TestBatchServer | undefined;
  readonly #noted: Promise<void>[] = [];
  #moving: Promise<void> = Promise.resolve();
  #port = 0;
  #calls = 0;
  #life = 0;
  #onCall: (() => void) | undefined;
  #lastExit: number | null = null;

  constructor(storm: Storm, folder: string) {
    this.#storm = storm;
    this.#folder = folder;
    this.#file = join(folder, "requests.jsonl");
    this.#data = join(folder, "server");
  }

  async begin(): Promise<void> {
    let first = 1;
    let text = "";
    for (const [model, count] of this.#storm.models.entries()) {
      text += toLines(first, first + count - 1, `model-${model}`);
      first += count;
    }
    writeFileSync(this.#file, text);
    await this.#startServer();
  }

  async #startServer(): Promise<void> {
    const { speed, stageMs, slowMs, bad, lives } = this.#storm;
    this.#calls = 0;
    this.#server = await startBatchServer({
      port: this.#port,
      data: this.#data,
      apiKey: key,
      ...(isOnPostgres ? {} : { clock: { speed }, stageMs }),
      trouble: lives[this.#life]?.trouble ?? {},
      rehearse: { faults: [`slow:0.5:${slowMs}`, ...bad.map((id) => `400:${id}`)] },
      onEvent: (event) => {
        if (event.kind === "request") this.#count();
        if (event.kind === "batch") this.#noted.push(this.#note(event.id, event.status));
      },
    });
    this.#port = Number(new URL(this.#server.baseURL).port);
  }

  #count(): void {
    this.#calls += 1;
    this.#onCall?.();
    const life = this.#storm.lives[this.#life];
    if (life !== undefined && this.#calls === life.calls) this.#moving = this.#restart(life.awayMs);
  }

  async #restart(awayMs: number): Promise<void> {
    this.#life += 1;
    await this.#server?.close();
    await setTimeout(awayMs);
    await this.#startServer();
  }

  /** What a batch has executed is read at once: nobody has deleted it yet. */
  async #note(id: string, status: string): Promise<void> {
    if (status !== "completed" && status !== "expired" && status !== "cancelled") return;
    const { batch, output } = await readServed(this.#data, id);
    const { completed = 0, failed = 0 } = batch.request_counts ?? {};
    if (completed + failed > 0) add(this.#executed, batch.metadata?.openbatch_intent ?? "none", id);
    for (const line of output.split("\n"))
      if (line !== "") add(this.#delivered, JSON.parse(line).custom_id, id);
  }

  /** Runs the command until it ends, or is killed. */
  async run({ command, flags, kill }: Start): Promise<void> {
    const isSubmit = command === "submit";
    // Who does not wait gives what may grow ten looks' time, and not ten looks.
    const poll = flags.includes("--no-wait") ? "5" : "0.1";
    const server = ["--base-url", `http://127.0.0.1:${this.#port}/v1`, "--api-key-env", "STORM_KEY"];
    const child = spawn(
      process.execPath,
      [mainFile, command, this.#file, ...server, ...(isSubmit ? ["--poll", poll] : []), ...flags],
      { cwd: this.#folder, env: { ...process.env, NO_COLOR: "1", STORM_KEY: key } },
    );
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    if (kill !== undefined) this.#killLater(child, kill);
    const [code, signal] = await once(child, "close");
    this.#onCall = undefined;
    this.#said.push(`$ ${command} ${flags.join(" ")}`, said, `exit ${code ?? signal}`);
    this.#lastExit = code;
    await this.#moving;
    if (code !== null) this.#checkExit(command, code, said);
  }

  #killLater(child: ChildProcess, { calls, ms }: { readonly calls: number; readonly ms: number }): void {
    let left = calls;
    const end = (): void => void setTimeout(ms).then(() => child.kill("SIGKILL"));
    this.#onCall = () => {
      left -= 1;
      if (left === 0) end();
    };
    if (calls === 0) void setTimeout(200 + 5 * ms).then(() => child.kill("SIGKILL"));
  }

  #checkExit(command: string, code: number, said: string): void {
    const isUnreached = /No answer from/.test(said);
    const allowed = command === "cancel" ? [0] : [0, 1, 3];
    const isWithoutJob = command !== "submit" && code === 2;
    if (!allowed.includes(code) && !isUnreached && !isWithoutJob)
      this.faults.push(`${command} ended with ${code}: ${said}`);
  }

  /** From now on nothing goes wrong. */
  async calmDown(): Promise<void> {
    await this.#moving;
    if (this.#life >= this.#storm.lives.length) return;
    this.#life = this.#storm.lives.length - 1;
    this.#moving = this.#restart(0);
    await this.#moving;
  }

  /** Goes on as the command says, until each request has its result. */
  async finish(): Promise<void> {
    const expected = this.#storm.bad.length > 0 ? 1 : 0;
    // What somebody else has cancelled is sent again by the next command, not by the one that waited for it.
    for (let times = 0; times < 2; times += 1)
      await this.run({ command: "submit", flags: [], kill: undefined });
    if (this.#lastExit === expected) return;
    await this.run({ command: "submit", flags: ["--retry-failed"], kill: undefined });
    if (this.#lastExit !== expected) this.faults.push(`the last submit ended with ${this.#lastExit}`);
  }

  async findFaults(): Promise<string[]> {
    await Promise.all(this.#noted);
    const faults: string[] = [];
    const total = this.#storm.models.reduce((sum, count) => sum + count, 0);
    const statuses = new Map<string, string[]>();
    const results = join(this.#folder, "requests.rehearsal.jsonl");
    for await (const { custom_id, status } of readResults({ requests: this.#file, results }))
      statuses.set(custom_id, [...(statuses.get(custom_id) ?? []), status]);
    for (let number = 1; number <= total; number += 1) {
      const found = statuses.get(`r${number}`)?.join() ?? "none";
      const expected = this.#storm.bad.includes(`r${number}`) ? "failed" : "succeeded";
      if (found !== expected) faults.push(`r${number} has the result ${found}`);
    }
    const lines = readFileSync(results, "utf8").trim().split("\n");
    if (lines.length !== total)
      faults.push(`the results file has ${lines.length} lines for ${total} requests`);
    for (const [id, batches] of this.#delivered)
      if (batches.size > 1) faults.push(`${id} was answered in ${[...batches].join(" and ")}`);
    for (const [intent, batches] of this.#executed)
      if (batches.size > 1) faults.push(`two batches of the intent ${intent}: ${[...batches].join(" and ")}`);
    const answer = await fetch(`${this.#server?.baseURL}/files?limit=100`, {
      headers: { authorization: `Bearer ${key}` },
    });
    for (const { id, filename } of ((await answer.json()) as { data: { id: string; filename: string }[] })
      .data)
      faults.push(`${filename} (${id}) is left at the service`);
    for (const path of listFiles(join(this.#folder, "requests.rehearsal.job", "downloads")))
      faults.push(`${path} is left`);
    for (const path of listFiles(this.#folder))
      if (readFileSync(path).includes(key)) faults.push(`${path} holds the key`);
    if (this.#said.join().includes(key)) faults.push("the key was said");
    return faults;
  }

  /** What the commands said, and what the job tells of itself. */
  toString(): string {
    return this.#said.join("\n");
  }

  async close(): Promise<void> {
    await this.#moving;
    await this.#server?.close();
    await forgetServer(this.#data);
    writeFileSync(join(this.#folder, "said.txt"), this.#said.join("\n"));
  }
}

function add(map: Map<string, Set<string>>, name: string, value: string): void {
  map.set(name, (map.get(name) ?? new Set()).add(value));
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, `${name}`))
    .filter((path) => statSync(path).isFile());
}
