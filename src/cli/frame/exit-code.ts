import type { Code } from "../../errors/index.js";

/** How the command line ends, for every command alike. */
export const ExitCode = {
  /** Done; warnings count as done unless a command was told to be strict. */
  done: 0,
  /** Findings or failures in the data. */
  findings: 1,
  /** Wrong usage, or an input that cannot be read. */
  usage: 2,
  /** Stopped early by a cause outside the data. */
  stopped: 3,
  /** Stopped by Ctrl-C, a termination signal or a closed terminal. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Codes that are not failures in the data. */
const exitCodes: Partial<Record<Code, ExitCode>> = {
  api_key_missing: ExitCode.usage,
  base_url_missing: ExitCode.usage,
  access_refused: ExitCode.stopped,
  batch_file_changed: ExitCode.usage,
  batch_rejected: ExitCode.stopped,
  several_candidates: ExitCode.stopped,
  canary_failed: ExitCode.stopped,
  cannot_listen: ExitCode.usage,
  cost_over_limit: ExitCode.usage,
  data_folder_in_use: ExitCode.usage,
  database_away: ExitCode.stopped,
  database_refused: ExitCode.usage,
  disk_full: ExitCode.stopped,
  empty_file: ExitCode.usage,
  file_exists: ExitCode.usage,
  file_failed: ExitCode.stopped,
  file_in_use: ExitCode.usage,
  file_not_found: ExitCode.usage,
  interrupted: ExitCode.interrupted,
  invalid_batch_file: ExitCode.usage,
  invalid_option: ExitCode.usage,
  invalid_table: ExitCode.usage,
  insufficient_quota: ExitCode.stopped,
  invalid_template: ExitCode.usage,
  key_refused: ExitCode.stopped,
  missing_package: ExitCode.usage,
  no_permission: ExitCode.usage,
  not_a_batch_file: ExitCode.usage,
  not_a_file: ExitCode.usage,
  not_a_folder: ExitCode.usage,
  not_a_job_record: ExitCode.usage,
  not_a_results_file: ExitCode.usage,
  not_a_run_record: ExitCode.usage,
  rate_limited: ExitCode.stopped,
  rehearsal_mixed: ExitCode.usage,
  results_gone: ExitCode.stopped,
  run_differs: ExitCode.usage,
  run_in_progress: ExitCode.usage,
  server_unreachable: ExitCode.stopped,
  schema_differs: ExitCode.usage,
  service_refused: ExitCode.stopped,
  storage_away: ExitCode.stopped,
  storage_refused: ExitCode.usage,
  unexpected_failure: ExitCode.stopped,
  unfinished_batches: ExitCode.usage,
  unreadable_input: ExitCode.usage,
  unsupported_runtime: ExitCode.usage,
  wrong_usage: ExitCode.usage,
};

/** The exit code for an error with this code. */
export function toExitCode(code: Code): ExitCode {
  return exitCodes[code] ?? ExitCode.findings;
}
