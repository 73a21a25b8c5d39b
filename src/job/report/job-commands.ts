import { quoteArgument } from "../../errors/index.js";
import { toRunFiles } from "../../files/index.js";
import type { SubmitBatchFileOptions } from "./job-options.js";

/** How a job is gone on with, and ended, from a shell. */
export interface JobCommands {
  readonly submit: string;
  readonly cancel: string;
}

/** Whole, but for headers: their values are shown to nobody. What limits a job is not left out, or it would cost more. */
export function toJobCommands(
  file: string,
  target: string | undefined,
  options: SubmitBatchFileOptions,
): JobCommands {
  const { apiKeyEnv, provider, output, model, modelNames = {} } = options;
  const files = toRunFiles(file);
  // These are found without being named.
  const isUsual = output === files.results || output === files.rehearsal;
  const words = toWords({
    "--base-url": target,
    "--api-key-env": apiKeyEnv,
    "--provider": provider,
    "--output": isUsual ? undefined : output,
    "--model": model,
  });
  const maps = Object.entries(modelNames).flatMap(([name, its]) => toWords({ "--map": `${name}=${its}` }));
  const rest = [quoteArgument(file), ...words, ...maps].join(" ");
  const submit = ["openbatch submit", rest, ...toSubmitWords(options)].join(" ");
  return { submit, cancel: `openbatch cancel ${rest}` };
}

function toSubmitWords(options: SubmitBatchFileOptions): readonly string[] {
  const { maxCost, tokenPrice, canary, maxErrorRate, finishBy, repair, rounds } = options;
  return [
    ...toWords({
      "--rounds": rounds,
      "--canary": canary,
      "--max-error-rate": maxErrorRate === undefined ? undefined : maxErrorRate * 100,
      "--repair": repair?.join(","),
      "--finish-by": finishBy instanceof Date ? finishBy.toISOString() : finishBy,
      "--max-cost": maxCost,
      "--price": tokenPrice && `${tokenPrice.input},${tokenPrice.output}`,
    }),
    ...(finishBy !== undefined && maxCost === undefined ? ["--yes"] : []),
  ];
}

function toWords(flags: Readonly<Record<string, string | number | URL | undefined>>): readonly string[] {
  return Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, quoteArgument(`${value}`)],
  );
}
