import { OpenbatchError } from "../../errors/index.js";
import {
  type ExecuteBatchFileOptions,
  executeBatchFile,
  type RunEvent,
  RunStoppedError,
} from "../../execute.js";
import { JobStoppedError, submitBatchFile } from "../../job.js";
import type { CommandIo } from "../frame/command.js";
import type { ExitCode } from "../frame/exit-code.js";
import { JobProgress } from "../job/job-progress.js";
import { toJobStop, toStopExit } from "../job/job-stop.js";
import { RunProgress } from "../run/run-progress.js";
import { isMendedByCommand, toRunExit } from "../run/run-stop.js";
import type { AskFlags } from "./ask-flags.js";
import type { AskFolder } from "./ask-folder.js";
import type { AskServer } from "./ask-server.js";

export interface SendOptions {
  readonly flags: AskFlags;
  readonly server: AskServer;
  readonly io: CommandIo;
}

/** How the sending ended. */
export interface SentAnswers {
  /** The results file. */
  readonly output: string;
  /** What stopped it before each request had its result. */
  readonly stop?: SendingStop;
}

export interface SendingStop {
  readonly error: OpenbatchError;
  /** How the command ends then. */
  readonly exit: ExitCode;
}

/** Sends what has no result yet: here and now, or through the Batch API. What was answered by then is kept when it is stopped. */
export function sendAsked(folder: AskFolder, options: SendOptions): Promise<SentAnswers> {
  return options.flags.batch ? submitAsked(folder, options) : runAsked(folder, options);
}

async function runAsked(folder: AskFolder, { flags, server, io }: SendOptions): Promise<SentAnswers> {
  const progress = new RunProgress(io, folder.requests);
  const { onProgress } = progress;
  const onEvent = (event: RunEvent): void => progress.onEvent(withoutStrangers(event));
  const watch = { signal: io.signal, onProgress, onEvent };
  try {
    const { output } = await executeBatchFile(folder.requests, { ...toRunOptions(flags, server), ...watch });
    progress.finish();
    return { output };
  } catch (error) {
    progress.finish(error instanceof RunStoppedError ? error.cause : undefined);
    if (!(error instanceof RunStoppedError)) throw error;
    return { output: error.summary.output, stop: { error: toAskStop(error), exit: toRunExit(error) } };
  }
}

/** What the run says of itself, in the words of a command that is given again as a whole. */
function toAskStop(error: RunStoppedError): OpenbatchError {
  const { code, message } = error;
  const hint = error.hint.replace(/ ?Run again, it goes on where it stopped\.$/, "");
  const goesOn = hint === "" ? "The same command goes on." : `${hint}\n      Then the same command goes on.`;
  return new OpenbatchError(code, message, {
    cause: error,
    hint: isMendedByCommand(error) ? hint : goesOn,
  });
}

/** That answers to rows which went or were changed are kept is as it should be here. */
function withoutStrangers(event: RunEvent): RunEvent {
  if (event.kind !== "start") return event;
  return { ...event, notes: event.notes.filter((note) => !/ belongs? to no request of /.test(note)) };
}

function toRunOptions(flags: AskFlags, { options }: AskServer): ExecuteBatchFileOptions {
  const { rehearse, limit, retryFailed, retryProblems } = flags;
  const { concurrency, requestsPerMinute, tokensPerMinute, timeout } = flags;
  return {
    ...options,
    // The batch file was made anew of the rows; that all else is as it was has been seen before.
    force: true,
    ...(rehearse === undefined ? {} : { rehearse }),
    ...(limit === undefined ? {} : { limit }),
    ...(retryFailed === undefined ? {} : { retryFailed }),
    ...(retryProblems === undefined ? {} : { retryProblems }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  };
}

async function submitAsked(folder: AskFolder, { flags, server, io }: SendOptions): Promise<SentAnswers> {
  const { maxCost, price, retryFailed } = flags;
  const progress = new JobProgress(io);
  try {
    const { output } = await submitBatchFile(folder.requests, {
      ...server.options,
      ...(maxCost === undefined ? {} : { maxCost }),
      ...(price === undefined ? {} : { tokenPrice: price }),
      ...(retryFailed === undefined ? {} : { retryFailed }),
      signal: io.signal,
      onEvent: (event) => {
        // The plan was shown before it was asked.
        if (event.kind !== "plan") progress.take(event);
      },
    });
    return { output };
  } catch (error) {
    if (!(error instanceof JobStoppedError)) throw error;
    const stop = { error: toJobStop(error, "the same command."), exit: toStopExit(error) };
    return { output: error.summary.output, stop };
  } finally {
    progress.finish();
  }
}
