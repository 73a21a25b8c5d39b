import type { Command } from "commander";
import { toCountFromOne, toSecondsAsked } from "./option-values.js";

/** The options of a command that sends requests: how many at once, how fast, and how long it waits. */
export interface PaceFlags {
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** In seconds. */
  readonly timeout?: number;
}

export function addPaceOptions(command: Command): Command {
  return command
    .option("--concurrency <count>", "how many requests at once (default: it finds itself)", toCountFromOne)
    .option("--requests-per-minute <count>", "send no more than that", toCountFromOne)
    .option(
      "--tokens-per-minute <count>",
      "send and receive no more than that, as far as it can be known",
      toCountFromOne,
    )
    .option("--timeout <seconds>", "how long one attempt may take (default: 600)", toSecondsAsked);
}
