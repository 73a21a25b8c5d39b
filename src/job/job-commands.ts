import { quoteArgument } from "../errors/index.js";
import type { JobServerOptions } from "./job-options.js";

/** How a job is gone on with, and ended, from a shell. */
export interface JobCommands {
  readonly submit: string;
  readonly cancel: string;
}

/** Whole, but for headers: their values are shown to nobody. */
export function toJobCommands(
  file: string,
  target: string,
  { apiKeyEnv, provider, output }: JobServerOptions,
): JobCommands {
  const flags = {
    "--base-url": target,
    "--api-key-env": apiKeyEnv,
    "--provider": provider,
    "--output": output,
  };
  const words = Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, quoteArgument(`${value}`)],
  );
  const rest = [quoteArgument(file), ...words].join(" ");
  return { submit: `openbatch submit ${rest}`, cancel: `openbatch cancel ${rest}` };
}
