import { quoteArgument } from "../../errors/index.js";
import { toRunFiles } from "../../files/index.js";
import type { JobServerOptions } from "./job-options.js";

/** How a job is gone on with, and ended, from a shell. */
export interface JobCommands {
  readonly submit: string;
  readonly cancel: string;
}

/** Whole, but for headers: their values are shown to nobody. */
export function toJobCommands(
  file: string,
  target: string | undefined,
  { apiKeyEnv, provider, output, model, modelNames = {} }: JobServerOptions,
): JobCommands {
  const files = toRunFiles(file);
  // These are found without being named.
  const isUsual = output === files.results || output === files.rehearsal;
  const flags = {
    "--base-url": target,
    "--api-key-env": apiKeyEnv,
    "--provider": provider,
    "--output": isUsual ? undefined : output,
    "--model": model,
  };
  const words = Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, quoteArgument(`${value}`)],
  );
  const maps = Object.entries(modelNames).flatMap(([name, its]) => [
    "--map",
    quoteArgument(`${name}=${its}`),
  ]);
  const rest = [quoteArgument(file), ...words, ...maps].join(" ");
  return { submit: `openbatch submit ${rest}`, cancel: `openbatch cancel ${rest}` };
}
