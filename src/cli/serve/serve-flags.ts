import type { Command } from "commander";
import type { BatchServerOptions, WatchAddress } from "../../serve.js";
import { toCountFromOne, toListenAddress, toPort } from "../frame/option-values.js";
import { addPaceOptions, type PaceFlags } from "../frame/pace-flags.js";
import { addRehearsalOptions, type RehearsalFlags, toRehearsal } from "../frame/rehearsal-flags.js";
import { addUpstreamOptions, readKey, toUpstream, type UpstreamFlags } from "../frame/upstream-flags.js";
import { addLogOption, type LogFlags } from "./server-log.js";
import { addWorkOptions, type WorkFlags } from "./work-flags.js";

/** The options of `openbatch serve`, as they were understood. */
export interface ServeFlags extends PaceFlags, RehearsalFlags, UpstreamFlags, WorkFlags, LogFlags {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
  readonly database?: string;
  readonly storage?: string;
  readonly work?: true;
  readonly maxUploadBytes?: number;
  readonly apiKeyEnv?: string;
  readonly metrics?: WatchAddress;
}

export function addServeOptions(command: Command): void {
  command
    .option("--port <number>", "where to listen; 0 takes any that is free (default: 4040)", toPort)
    .option("--host <address>", "where to listen; others than this machine need a key (default: 127.0.0.1)")
    .option("--data <folder>", "where files and batches are kept (default: openbatch-data)")
    .option(
      "--database <url>",
      "keep files and batches in a PostgreSQL, for many servers and workers; see openbatch worker --help",
    )
    .option(
      "--storage <place>",
      "with --database: for what files hold, the same on all machines: a folder, or s3://bucket/prefix",
    )
    .option("--work", "with --database: be a worker too")
    .option(
      "--max-upload-bytes <count>",
      "the largest file that may be uploaded (default: 536870912)",
      toCountFromOne,
    )
    .option(
      "--api-key-env <name>",
      "the environment variable that holds the key which callers must send; with --database also several, as name:key or name:key:priority, separated by spaces",
    );
  addWorkOptions(addUpstreamOptions(command), "with --work: ");
  addPaceOptions(command);
  addRehearsalOptions(command)
    .option(
      "--metrics <address>",
      "where /metrics, /healthz and /readyz are, [HOST:]PORT; without a key (default: the server's own port, /metrics only if no key is needed)",
      toListenAddress,
    )
    .option("--verbose", "log every request, not only states and what failed")
    .option("--json", "print one JSON object a line instead of text")
    .addHelpText("after", help);
  addLogOption(command);
}

const help = `
Point any program made for OpenAI's Files and Batches API at it: OPENAI_BASE_URL=http://127.0.0.1:4040/v1. The endpoints
themselves answer too, but for streams. A caller's key is not sent to the upstream.

The link that it prints as Page shows batches, files and results in a browser, takes new batches, and cancels. It holds a key: give it
to nobody.

Started again on the same folder, it goes on with the batches that are not at their end, whatever stopped it.
Ctrl-C waits for the answers under way for up to 30 seconds; a second Ctrl-C ends at once. --database needs Node 22.12 or newer.

Exit codes: 2 it could not be started, 3 the database or the storage is away, 130 interrupted.

Examples:
  openbatch serve --rehearse
  openbatch serve --upstream http://localhost:11434/v1 --model llama3.2
  openbatch serve --upstream https://api.groq.com/openai/v1 --upstream-key-env GROQ_API_KEY --concurrency 16
  openbatch serve --rehearse --fault 429:0.1 --port 0 --json`;

export function toServerOptions(flags: ServeFlags): BatchServerOptions {
  const {
    upstream: _upstream,
    upstreamKeyEnv: _upstreamKeyEnv,
    apiKeyEnv,
    timeout: _timeout,
    fault: _,
    checkRequests: __,
    json: ___,
    verbose: ____,
    log: ________,
    database: _____,
    storage: ______,
    work: _______,
    upstreams: _________,
    maxBatchRequests: __________,
    maxBatchBytes: ___________,
    ...same
  } = flags;
  return {
    ...same,
    ...(apiKeyEnv === undefined ? {} : { apiKey: readKey("--api-key-env", apiKeyEnv) }),
    ...toUpstream(flags),
    ...toRehearsal(flags),
  };
}
