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
  readonly stop: OpenbatchError | undefined;
  /** How the command ends then. */
  readonly exit?: ExitCode;
}

/** Sends what has no result yet: here and now, or through the Batch API. What was answered by then is kept when it is stopped. */
export function sendAsked(folder: AskFolder, options: SendOptions): Promise<SentAnswers> {
  return options.flags.batch ? submitAsked(folder, options) : runAsked(folder, options);
}

const again = "The same command goes on.";

async function runAsked(folder: AskFolder, { flags, server, io }: SendOptions): Promise<SentAnswers> {
  const progress = new RunProgress(io, folder.requests);
  const { onProgress } = progress;
  const onEvent = (event: RunEvent): void => progress.onEvent(withoutStrangers(event));
  const watch = { signal: io.signal, onProgress, onEvent };
  try {
    const { output } = await executeBatchFile(folder.requests, { ...toRunOptions(flags, server), ...watch });
    progress.finish();
    return { output, stop: undefined };
  } catch (error) {
    progress.finish(error instanceof RunStoppedError ? error.cause : undefined);
    if (!(error instanceof RunStoppedError)) throw error;
    const { code, message, hint, summary } = error;
    // What the run says of itself is that the same command goes on, too.
    const next = code === "interrupted" ? again : `${hint}\n      ${again}`;
    const stop = new OpenbatchError(code, message, { cause: error, hint: next });
    return { output: summary.output, stop };
  }
}

/** That answers to rows which went or were changed are kept is as it should be here. */
function withoutStrangers(event: RunEvent): RunEvent {
  if (event.kind !== "start") return event;
  return { ...event, notes: event.notes.filter((note) => !/ belongs? to no request of /.test(note)) };
}

function toRunOptions(flags: AskFlags, { options }: AskServer): ExecuteBatchFileOptions {
  const { rehearse, retryFailed, concurrency, requestsPerMinute, tokensPerMinute, timeout } = flags;
  return {
    ...options,
    // The batch file was made anew of the rows; that all else is as it was has been seen before.
    force: true,
    ...(rehearse === undefined ? {} : { rehearse }),
    ...(retryFailed === undefined ? {} : { retryFailed }),
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
    return { output, stop: undefined };
  } catch (error) {
    if (!(error instanceof JobStoppedError)) throw error;
    const stop = toJobStop(error, "the same command.");
    return { output: error.summary.output, stop, exit: toStopExit(error) };
  } finally {
    progress.finish();
  }
}
