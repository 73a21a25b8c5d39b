import { OpenbatchError } from "../errors/index.js";
import { writeClaims } from "../execute/index.js";
import { RunLock, type RunPaths, toJobFolder, toPath, toRunFiles, toRunPaths } from "../files/index.js";
import type { BatchService, Profile } from "../providers/index.js";
import { assertSameAccount, assertSameServer } from "./assert-same-job.js";
import { describeJob } from "./describe-job.js";
import { type JobCommands, toJobCommands } from "./job-commands.js";
import type { JobServerOptions, SubmitBatchFileOptions } from "./job-options.js";
import { JobStoppedError } from "./job-stopped-error.js";
import type { JobSummary } from "./job-summary.js";
import type { JobContext } from "./life/job-context.js";
import { JobLife } from "./life/job-life.js";
import { JobState } from "./life/job-state.js";
import { isActive } from "./life/part-states.js";
import { toTrouble } from "./life/trouble.js";
import { JobWork } from "./life/work.js";
import { openService } from "./open-service.js";
import { type Credentials, createAccount, isAccountOf } from "./record/account.js";
import { JobFolder } from "./record/job-folder.js";
import type { JobRecord } from "./record/job-record.js";
import { resolveProvider } from "./resolve-provider.js";
import { toClaims } from "./to-claims.js";
import { toJobPart } from "./to-job-part.js";

const defaultRounds = 2;

/** The life of one batch file at a service. */
export class Job {
  readonly file: string;
  readonly #service: BatchService;
  readonly #profile: Profile;
  readonly #credentials: Credentials;
  readonly #paths: RunPaths;
  readonly #output: string;
  readonly #folder: JobFolder;
  /** How it is gone on with, and ended, from a shell. */
  readonly commands: JobCommands;
  readonly #signal: AbortSignal | undefined;

  private constructor(file: string, fields: JobFields) {
    this.file = file;
    this.#service = fields.service;
    this.#profile = fields.profile;
    this.#credentials = fields.credentials;
    this.#output = fields.output;
    this.#paths = fields.paths;
    this.#folder = fields.folder;
    this.commands = fields.commands;
    this.#signal = fields.signal;
  }

  /** @throws OpenbatchError where nothing says which server it is at, or it does not answer. */
  static async open(file: string, options: JobServerOptions): Promise<Job> {
    const { headers, signal } = options;
    const { profile, baseURL, apiKey } = resolveProvider(options);
    const service = openService({ profile, baseURL, apiKey, headers });
    const files = toRunFiles(file);
    const isRehearsal = options.output === undefined && (await isInRehearsal(service, signal));
    const output = toPath(options.output ?? files[isRehearsal ? "rehearsal" : "results"]);
    const paths = toRunPaths(output, file);
    const folder = new JobFolder(toJobFolder(paths.output));
    const credentials = { target: service.target, apiKey, headers };
    const commands = toJobCommands(file, service.target, options);
    return new Job(file, { service, profile, credentials, commands, output, paths, folder, signal });
  }

  /** Goes on until each request has its result. */
  async submit(options: SubmitBatchFileOptions): Promise<JobSummary> {
    this.#folder.make();
    const lock = RunLock.take(this.#folder.lock);
    try {
      this.#folder.isCancelled = false;
      const record = this.#folder.read();
      if (record !== undefined) assertSameServer(record, this.#service.target, this.#folder.path);
      const work = await JobWork.open(this.file, this.#folder, {
        profile: this.#profile,
        prefixBytes: record?.batch_file.bytes,
        signal: this.#signal,
      });
      try {
        return await this.#live(await this.#toState(record, work), work, options);
      } finally {
        work.close();
      }
    } finally {
      lock.release();
    }
  }

  /** Looks once at each batch. Changes nothing. */
  async status(): Promise<JobSummary> {
    const state = this.#openState();
    const work = await JobWork.open(this.file, this.#folder, {
      profile: this.#profile,
      prefixBytes: undefined,
      signal: this.#signal,
    });
    try {
      const parts = [];
      for (const part of state.parts) {
        if (part.state !== "submitted" || part.batch === undefined) parts.push(part);
        else {
          const { word, counts } = await this.#service.look(part.batch, this.#signal);
          parts.push({ ...part, word, ...(counts === undefined ? {} : { counts }) });
        }
      }
      return await describeJob({ ...this.#description, state, work, parts, scan: undefined });
    } finally {
      work.close();
    }
  }

  /** Asks the service to end what it has of the job. What it did by then is paid, and collected by the next submit. */
  async cancel(): Promise<readonly string[]> {
    const state = this.#openState();
    this.#folder.isCancelled = true;
    const cancelled: string[] = [];
    for (const { state: where, batch } of state.parts) {
      if (where !== "submitted" || batch === undefined) continue;
      await this.#service.cancel(batch, this.#signal);
      cancelled.push(batch);
    }
    return cancelled;
  }

  close(): Promise<void> {
    return this.#service.close();
  }

  get #description() {
    const { target } = this.#service;
    return {
      batchFile: this.file,
      output: this.#output,
      paths: this.#paths,
      target,
      commands: this.commands,
    };
  }

  #openState(): JobState {
    const record = this.#folder.read();
    if (record === undefined)
      throw new OpenbatchError(
        "file_not_found",
        `There is no job of ${this.file}: ${this.#folder.path} is not there.`,
        {
          hint: `Begin one: ${this.commands.submit}`,
        },
      );
    assertSameServer(record, this.#service.target, this.#folder.path);
    return new JobState(this.#folder, record);
  }

  async #live(state: JobState, work: JobWork, options: SubmitBatchFileOptions): Promise<JobSummary> {
    const { pollSeconds, onEvent } = options;
    const context: JobContext = {
      ...{ service: this.#service, state, work, signal: this.#signal },
      claim: () => this.#claim(state, work),
      onTrouble: (message) => onEvent?.({ kind: "trouble", message }),
      onChange: () => onEvent?.({ kind: "parts", parts: state.parts.map(toJobPart) }),
    };
    const life = new JobLife(context, {
      output: this.#paths.output,
      resultsLock: this.#paths.lock,
      rounds: options.rounds ?? defaultRounds,
      retryFailed: options.retryFailed ?? false,
      keepRemoteFiles: options.keepRemoteFiles ?? false,
      enqueuedTokens: options.enqueuedTokens,
      limits: this.#profile.limits,
      waits: options.wait ?? true,
      pollMs: (pollSeconds ?? this.#profile.pollSeconds.value) * 1000,
    });
    await life.open();
    const describe = async () =>
      describeJob({ ...this.#description, state, work, parts: state.parts, scan: life.scanned });
    try {
      await life.run();
    } catch (error) {
      const stop = this.#signal?.aborted ? toInterruption(error) : error;
      if (!(stop instanceof OpenbatchError)) throw error;
      await this.#claim(state, work);
      throw new JobStoppedError(stop, await describe());
    }
    await this.#claim(state, work);
    const summary = await describe();
    const stop = findStop(summary);
    if (stop !== undefined) throw new JobStoppedError(stop, summary);
    return summary;
  }

  async #claim(state: JobState, work: JobWork): Promise<void> {
    const active = state.parts.filter((part) => isActive(part.state));
    await writeClaims(
      this.#paths.output,
      await toClaims(active, { work, commands: this.commands, target: state.record.target }),
    );
  }

  async #toState(record: JobRecord | undefined, work: JobWork): Promise<JobState> {
    if (record === undefined) return this.#create(work);
    const state = new JobState(this.#folder, record);
    if (isAccountOf(record.account, this.#credentials)) return state;
    await assertSameAccount(state, this.#service, this.#signal);
    await state.set({ account: createAccount(this.#credentials) });
    return state;
  }

  async #create(work: JobWork): Promise<JobState> {
    const { bytes, sha256, requests } = work.batchFile;
    const record: JobRecord = {
      version: 1,
      job: crypto.randomUUID(),
      created_at: new Date().toISOString(),
      batch_file: { bytes, sha256, requests },
      target: this.#service.target,
      provider: this.#profile.name,
      account: createAccount(this.#credentials),
      parts: [],
    };
    await this.#folder.write(record);
    return new JobState(this.#folder, record);
  }
}

interface JobFields {
  readonly service: BatchService;
  readonly profile: Profile;
  readonly credentials: Credentials;
  readonly commands: JobCommands;
  readonly output: string;
  readonly paths: RunPaths;
  readonly folder: JobFolder;
  readonly signal: AbortSignal | undefined;
}

async function isInRehearsal(service: BatchService, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    return await service.isRehearsal(signal);
  } catch (error) {
    const { message } = toTrouble(error, signal);
    throw new OpenbatchError(
      "server_unreachable",
      `No answer from ${service.target}: ${message}. Nothing was sent.`,
    );
  }
}

function toInterruption(cause: unknown): OpenbatchError {
  return new OpenbatchError("interrupted", "The job was interrupted.", { cause });
}

function findStop({ rejected, gone }: JobSummary): OpenbatchError | undefined {
  const [first] = rejected;
  if (first !== undefined) {
    return new OpenbatchError(
      "batch_rejected",
      "The service found errors in the requests of a part, and executed none of them.",
    );
  }
  return gone.length === 0
    ? undefined
    : new OpenbatchError("results_gone", "A batch has ended, and its results are no longer at the service.");
}
