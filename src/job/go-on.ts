import { basename, dirname, relative } from "node:path";
import { OpenbatchError } from "../errors/index.js";
import { writeClaims } from "../execute/index.js";
import { RunLock } from "../files/index.js";
import { statusOfError } from "../outcome/index.js";
import { loadPricing, TokenCounter } from "../plan/index.js";
import { createTranslator, recogniseProfile } from "../providers/index.js";
import { assertSameAccount, assertSameServer, isUnsent } from "./assert-same-job.js";
import { describeJob } from "./describe-job.js";
import { finishHere, toFinish } from "./finish-here.js";
import { openCostLimit } from "./life/cost-limit.js";
import type { JobContext } from "./life/job-context.js";
import { JobLife } from "./life/job-life.js";
import { JobState } from "./life/job-state.js";
import { isActive } from "./life/part-states.js";
import { JobWork } from "./life/work.js";
import type { Connection, JobPlace } from "./place-job.js";
import { planJob } from "./plan-job.js";
import { createAccount, isAccountOf } from "./record/account.js";
import type { JobFolder } from "./record/job-folder.js";
import type { JobRecord } from "./record/job-record.js";
import { repairAnswers } from "./repair-answers.js";
import type { SubmitBatchFileOptions } from "./report/job-options.js";
import { JobStoppedError } from "./report/job-stopped-error.js";
import type { JobSummary, RejectedLine } from "./report/job-summary.js";
import { toJobPart } from "./report/to-job-part.js";
import { passCanary } from "./run-canary.js";
import { toClaims } from "./to-claims.js";

/** How often a request is sent again, unless it is said. */
export const defaultRounds = 2;

/** What is to be done for a job now. */
export interface GoingOn extends Omit<SubmitBatchFileOptions, "wait"> {
  /** Whether it goes on until each request has its result. */
  readonly waits: boolean;
  /** Whether what is left is submitted. */
  readonly submits: boolean;
  /** When nothing more is left to the service, in milliseconds since 1970. */
  readonly finishAt?: number | undefined;
  /** Submits only so many requests, from all over the file. */
  readonly sample?: number;
  /** Whether a job that was cancelled is taken up again. */
  readonly isAnew?: boolean;
}

/** Goes on with a job, which is begun where there is none. Only one process does so at a time. */
export async function goOn(place: JobPlace, connection: Connection, doing: GoingOn): Promise<JobSummary> {
  const { folder, profile, signal } = place;
  folder.make();
  const lock = RunLock.take(folder.lock);
  try {
    if (doing.isAnew) folder.isCancelled = false;
    const record = readRecord(folder, connection);
    const prefixBytes = record?.batch_file.bytes;
    const counter = doing.maxCost === undefined ? undefined : new TokenCounter();
    const names = place.names ?? record?.names;
    const translator = createTranslator(profile, names ?? {});
    const work = await JobWork.open(place.file, folder, {
      profile,
      translator,
      prefixBytes,
      counter,
      signal,
    });
    try {
      const { onEvent, tokenPrice } = doing;
      const isBegun = record === undefined && onEvent !== undefined;
      const plan = isBegun ? await planJob(place.file, profile, { ...names, tokenPrice, signal }) : undefined;
      if (plan !== undefined) onEvent?.({ kind: "plan", plan });
      const context = await toContext(place, { connection, record, work, doing });
      if (plan?.price !== undefined) {
        const given = tokenPrice === undefined ? {} : { token_price: tokenPrice };
        await context.state.set({ planned_cost: plan.price, ...given });
      }
      if (names !== undefined) await context.state.set({ names });
      for (const part of context.state.parts) await work.take(part);
      const finishAt = toFinish(context.state.record, doing);
      await passCanary(place, {
        ...{ connection, context, doing },
        submitSample: (sample) => live(place, context, { ...doing, sample, waits: true }),
      });
      const summary = await live(place, context, { ...doing, finishAt });
      const isLate = finishAt !== undefined && Date.now() >= finishAt && summary.left > 0;
      if (isLate) await finishHere(place, { connection, context, doing });
      const isRepaired = await repair(place, { connection, context, doing, finishAt });
      return isLate || isRepaired ? await describe(place, context, doing) : summary;
    } finally {
      work.close();
    }
  } finally {
    lock.release();
  }
}

/** @throws OpenbatchError `run_differs` */
function readRecord(folder: JobFolder, { target }: Connection): JobRecord | undefined {
  const record = folder.read();
  if (record === undefined || (record.target !== target && isUnsent(record))) return undefined;
  assertSameServer(record, target, folder.path);
  return record;
}

/** Whether it is the account, and none of its lines, for which a part was rejected. */
function isUnpaid({ line, code, message }: RejectedLine): boolean {
  const error = { code, message, type: undefined, param: undefined };
  return line === undefined && statusOfError(error) === 402;
}

interface Sampling {
  readonly connection: Connection;
  readonly context: JobContext;
  readonly doing: GoingOn;
}

async function repair(
  place: JobPlace,
  { connection, context, doing, finishAt }: Sampling & { readonly finishAt: number | undefined },
): Promise<boolean> {
  const { repair: kinds = [], rounds = defaultRounds, submits, waits } = doing;
  if (kinds.length === 0 || !submits || !waits) return false;
  const { canary, finishBy, retryFailed, repair: _, ...others } = doing;
  // What is late by then is late in a repair too.
  const plain = finishAt === undefined ? others : { ...others, finishBy: new Date(finishAt) };
  const limit = await openCostLimit(place.profile, doing);
  const submit = async (own: JobPlace) => {
    if (limit === undefined) return goOn(own, connection, plain);
    const { state } = context;
    const options = { ...state.record.names, tokenPrice: doing.tokenPrice, signal: place.signal };
    const name = basename(own.file);
    const maxCost = await limit.leftAfter(context, name);
    if (state.record.costs_elsewhere?.[name] === undefined) {
      const { price } = await planJob(own.file, place.profile, options);
      await limit.book(name, price?.atMost ?? 0, state);
    }
    return goOn(own, connection, { ...plain, maxCost });
  };
  try {
    await repairAnswers(place, context, { kinds, rounds, submit });
    return true;
  } catch (error) {
    if (!(error instanceof JobStoppedError)) throw error;
    throw new JobStoppedError(error, await describe(place, context, doing));
  }
}

function describe(place: JobPlace, { state, work }: JobContext, doing: GoingOn): Promise<JobSummary> {
  const { rounds = defaultRounds } = doing;
  return describeJob({ place, state, work, parts: state.parts, rounds, scan: undefined });
}

interface Opened {
  readonly connection: Connection;
  readonly record: JobRecord | undefined;
  readonly work: JobWork;
  readonly doing: GoingOn;
}

async function toContext(place: JobPlace, opened: Opened): Promise<JobContext> {
  const { work, connection } = opened;
  const { onEvent, tokenPrice, adopt } = opened.doing;
  const pricing = onEvent === undefined ? undefined : await loadPricing(place.profile, { tokenPrice });
  const state = await toState(place, opened);
  const claim = async () => {
    const active = state.parts.filter((part) => isActive(part.state));
    const { commands, target } = place;
    await writeClaims(place.paths.output, await toClaims(active, { work, commands, target }));
  };
  return {
    ...{ service: connection.service, state, work, claim, adopt, signal: place.signal },
    onTrouble: (message) => onEvent?.({ kind: "trouble", message }),
    onChange: () => onEvent?.({ kind: "parts", parts: state.parts.map((part) => toJobPart(part, pricing)) }),
  };
}

async function toState(place: JobPlace, { connection, record, work }: Opened): Promise<JobState> {
  if (record === undefined) return createState(place, { connection, work });
  const state = new JobState(place.folder, record);
  if (isAccountOf(record.account, connection)) return state;
  await assertSameAccount(state, connection.service, place.signal);
  await state.set({ account: createAccount(connection) });
  return state;
}

async function createState(
  { file, folder, paths, profile }: JobPlace,
  { connection, work }: Pick<Opened, "connection" | "work">,
): Promise<JobState> {
  const { bytes, sha256, requests } = work.batchFile;
  const record: JobRecord = {
    version: 1,
    job: crypto.randomUUID(),
    created_at: new Date().toISOString(),
    file: relative(dirname(folder.path), file),
    output: basename(paths.output),
    batch_file: { bytes, sha256, requests },
    target: connection.target,
    provider: profile.name,
    account: createAccount(connection),
    parts: [],
  };
  await folder.write(record);
  return new JobState(folder, record);
}

async function live(place: JobPlace, context: JobContext, doing: GoingOn): Promise<JobSummary> {
  const { state, work, claim, signal } = context;
  const { paths, profile } = place;
  const { waits, submits, enqueuedTokens, pollSeconds, rounds = defaultRounds } = doing;
  const life = new JobLife(context, {
    costLimit: await openCostLimit(profile, doing),
    ...{ output: paths.output, resultsLock: paths.lock, rounds, waits, submits, enqueuedTokens },
    retryFailed: doing.retryFailed ?? false,
    sample: doing.sample,
    finishAt: doing.finishAt,
    keepRemoteFiles: doing.keepRemoteFiles ?? false,
    limits: profile.limits,
    pollMs: (pollSeconds ?? toPollSeconds(place)) * 1000,
  });
  await life.open();
  const describe = () => describeJob({ place, state, work, parts: state.parts, rounds, scan: life.scanned });
  try {
    await life.run();
  } catch (error) {
    const stop = signal?.aborted ? toInterruption(error) : error;
    if (!(stop instanceof OpenbatchError)) throw error;
    await claim();
    throw new JobStoppedError(stop, await describe());
  }
  await claim();
  const summary = await describe();
  const stop = submits ? findStop(summary) : undefined;
  if (stop !== undefined) throw new JobStoppedError(stop, summary);
  return summary;
}

/** A server on this machine may be asked often, whichever service it speaks like. */
function toPollSeconds({ profile, target }: JobPlace): number {
  return Math.min(profile.pollSeconds.value, recogniseProfile(target).pollSeconds.value);
}

function toInterruption(cause: unknown): OpenbatchError {
  return new OpenbatchError("interrupted", "The job was interrupted.", { cause });
}

function findStop({ rejected, gone }: JobSummary): OpenbatchError | undefined {
  if (rejected.length > 0 && rejected.every(isUnpaid)) {
    return new OpenbatchError(
      "insufficient_quota",
      "The service took a part and executed none of it, for want of quota or credit.",
    );
  }
  if (rejected.length > 0) {
    return new OpenbatchError(
      "batch_rejected",
      "The service found errors in the requests of a part, and executed none of them.",
    );
  }
  return gone.length === 0
    ? undefined
    : new OpenbatchError("results_gone", "A batch has ended, and its results cannot be had of the service.");
}
