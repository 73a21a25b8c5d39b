import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from "node:fs";
import { constants, copyFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { findLink, toRunFiles } from "../../execute.js";
import { toAnswersEnding, toBareName } from "../frame/answers-name.js";
import type { AskFlags } from "./ask-flags.js";

/** What kind of answers a folder holds. */
export type HeldAnswers = "none" | "rehearsed" | "real";

/**
 * The folder with all that is between a table and its answers. It may come from a stranger: nothing is written through a link, and
 * no file is replaced that is not known to be made here.
 */
export class AskFolder {
  readonly path: string;
  /** The table with the answers. */
  readonly answers: string;
  readonly template: string;
  /** The template of a question until it is known that it can be asked. */
  readonly nextTemplate: string;
  readonly requests: string;
  readonly results: string;
  readonly rehearsal: string;
  /** What is still to be asked, where that is not all; for the plan alone. */
  readonly pending: string;
  /** Where the answers are written before they get to their place. */
  readonly staged: string;
  /** What does the same by other commands. */
  readonly commands: string;
  /** The table that is asked about. */
  readonly table: string;
  readonly #record: string;
  /** By which the record knows the table with the answers: its path from the folder of the table. */
  readonly #answersName: string;
  #isNew = false;

  constructor(
    table: string,
    { name, output, inputFormat }: Pick<AskFlags, "name" | "output" | "inputFormat">,
  ) {
    const bare = join(dirname(table), `${toBareName(table)}${name === undefined ? "" : `.${name}`}`);
    const ending = output === undefined ? toAnswersEnding(table, inputFormat) : extname(output);
    this.table = table;
    this.path = `${bare}.openbatch`;
    this.answers = output ?? `${bare}.answers${ending}`;
    this.#answersName = relative(dirname(table), this.answers);
    this.template = join(this.path, "template.yaml");
    this.nextTemplate = join(this.path, "template.next.yaml");
    this.requests = join(this.path, "requests.jsonl");
    ({ results: this.results, rehearsal: this.rehearsal } = toRunFiles(this.requests));
    this.pending = join(this.path, "pending.jsonl");
    this.staged = join(this.path, `answers${ending}`);
    this.commands = join(this.path, "commands.txt");
    this.#record = join(this.path, "ask.json");
  }

  /** Makes the folder, or sees that the one that is there is of this command. */
  async open(): Promise<void> {
    const found = lstatSync(this.path, { throwIfNoEntry: false });
    if (found !== undefined) return this.#openOwn();
    try {
      // The table may be one that others cannot read.
      mkdirSync(this.path, { mode: 0o700 });
    } catch (cause) {
      throw toFileError(cause, "make the folder", this.path);
    }
    this.#isNew = true;
    await this.#write({});
  }

  /** The table that the answers here were asked about, where that is another one of the same name, which is still there. */
  get otherTable(): string | undefined {
    const { table } = this.#read();
    if (table === undefined || table === basename(this.table)) return undefined;
    // One that was saved as another kind, and removed, goes on.
    return existsSync(join(dirname(this.table), basename(table))) ? table : undefined;
  }

  /** From now on, what is here is about this table. */
  async claim(): Promise<void> {
    const { answers, table } = this.#read();
    if (table !== basename(this.table)) await this.#write(answers);
  }

  /** The question can be asked, and what comes from now on is about it. */
  async acceptTemplate(): Promise<void> {
    try {
      await rename(this.nextTemplate, this.template);
    } catch (cause) {
      throw toFileError(cause, "write", this.template);
    }
  }

  /** Leaves nothing behind of a question that cannot be asked. */
  async removeRefused(): Promise<void> {
    if (this.#isNew) await rm(this.path, { recursive: true, force: true });
    else await rm(this.nextTemplate, { force: true });
  }

  /** Whether there is a job of the requests at a service, whose lines stay where they are. */
  get hasJob(): boolean {
    return ["requests.job", "requests.rehearsal.job"].some((name) => existsSync(join(this.path, name)));
  }

  get held(): HeldAnswers {
    if (this.hasJob || hasBytes(this.results)) return "real";
    return hasBytes(this.rehearsal) ? "rehearsed" : "none";
  }

  /** The results file that a run or a job has filled, or will fill. */
  toOutput({ rehearse }: Pick<AskFlags, "rehearse">): string {
    // A service that rehearses itself has a job of its own.
    const isMadeUp = rehearse || existsSync(join(this.path, "requests.rehearsal.job"));
    return isMadeUp ? this.rehearsal : this.results;
  }

  /** Removes what was rehearsed, where real answers take its place. */
  async removeRehearsal(): Promise<void> {
    for (const path of [this.rehearsal, this.rehearsal.replace(/\.jsonl$/, ".run.jsonl")])
      await rm(path, { force: true });
  }

  /** @throws OpenbatchError `file_exists` where the table with the answers is not as it was written here. */
  async assertAnswersOwn(): Promise<void> {
    if (lstatSync(this.answers, { throwIfNoEntry: false }) === undefined) return;
    const { [this.#answersName]: known = [] } = existsSync(this.#record) ? this.#read().answers : {};
    if (!lstatSync(this.answers).isFile() || !known.includes(await toHash(this.answers))) {
      throw new OpenbatchError(
        "file_exists",
        `${this.answers} is there already, and not as openbatch wrote it; it is left as it is.`,
        {
          hint: "Give it another name or place, and run the same command again. Or give the question a name: --name NAME.",
        },
      );
    }
  }

  /** Brings the staged answers to their place. What is written is known before it is there, for a kill may come between. */
  async placeAnswers(): Promise<void> {
    await this.assertAnswersOwn();
    const name = this.#answersName;
    const { [name]: known = [], ...others } = this.#read().answers;
    await this.#write({ ...others, [name]: [...known.slice(-1), await toHash(this.staged)] });
    try {
      await moveFile(this.staged, this.answers);
    } catch (cause) {
      throw toFileError(cause, "write", this.answers);
    }
  }

  async #openOwn(): Promise<void> {
    const stats = lstatSync(this.path);
    const entries = stats.isDirectory() ? readdirSync(this.path) : [];
    if (findLink(this.path) !== undefined) throw this.#toStrange("leads elsewhere by a link");
    // A kill may have left it with nothing in it.
    if (stats.isDirectory() && entries.every((name) => name === basename(this.#beside)))
      return this.#write({});
    if (!stats.isDirectory() || !existsSync(this.#record))
      throw this.#toStrange("is no folder of openbatch ask");
    this.#read();
  }

  #toStrange(why: string): OpenbatchError {
    return new OpenbatchError(
      "file_exists",
      `${this.path} is there already, and ${why}. Nothing was written.`,
      { hint: "Give it another name or place. Or give the question a name: --name NAME." },
    );
  }

  #read(): AskRecord {
    try {
      const record: unknown = JSON.parse(readFileSync(this.#record, "utf8"));
      const { answers, table } = record as { readonly answers?: unknown; readonly table?: unknown };
      if (isWrittenTables(answers)) return { answers, table: typeof table === "string" ? table : undefined };
    } catch (cause) {
      if (!(cause instanceof SyntaxError || cause instanceof TypeError))
        throw toFileError(cause, "read", this.#record);
    }
    throw new OpenbatchError("unreadable_input", `${this.#record} is damaged. Nothing was sent.`, {
      hint: "Give the folder another name, and ask anew; its results file keeps the answers.",
    });
  }

  get #beside(): string {
    return `${this.#record}.tmp`;
  }

  async #write(answers: WrittenTables): Promise<void> {
    try {
      const record = { made_by: "openbatch ask", version: 1, table: basename(this.table), answers };
      await writeFile(this.#beside, `${JSON.stringify(record)}\n`);
      await rename(this.#beside, this.#record);
    } catch (cause) {
      throw toFileError(cause, "write", this.#record);
    }
  }
}

interface AskRecord {
  /** The tables with answers that were written here last. */
  readonly answers: WrittenTables;
  /** The table that was asked about last. Not every record has it. */
  readonly table: string | undefined;
}

/** By the name of a table, as a workbook and a CSV of one name share a folder: the SHA-256 of what was written last. */
type WrittenTables = Readonly<Record<string, readonly string[]>>;

function isWrittenTables(value: unknown): value is WrittenTables {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (hashes) => Array.isArray(hashes) && hashes.every((hash) => typeof hash === "string"),
  );
}

/** Another disk takes a copy, which gets to its place as a whole too. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EXDEV")) throw cause;
    const beside = `${to}.${process.pid}.tmp`;
    await copyFile(from, beside, constants.COPYFILE_EXCL);
    await rename(beside, to);
  }
}

function hasBytes(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

async function toHash(path: string): Promise<string> {
  const hash = createHash("sha256");
  // Without an encoding, chunks are buffers.
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
