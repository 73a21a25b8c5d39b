import { availableParallelism } from "node:os";
import { type Code, codeTable, OpenbatchError } from "../errors/index.js";
import type { LineCheckOptions } from "./line-check.js";
import type { ValidationTarget } from "./validation-report.js";

export interface ValidateBatchFileOptions {
  /**
   * "upload", the default: the file is to be uploaded as it is, so it is held to the limits of one batch.
   * "openbatch": it will be split or run by openbatch, and what only a single batch could not take is a note.
   */
  readonly target?: ValidationTarget;
  /** Parameters to let through although openbatch does not know them: all (true), or those listed. None by default. */
  readonly allowUnknownParameters?: boolean | readonly string[];
  /** Codes that are not to be reported, nor counted. None by default. */
  readonly ignore?: readonly Code[];
  /** How many findings, that is causes, are listed at most; all are counted. 1,000 by default. */
  readonly maxFindings?: number;
  /**
   * Threads to use beside this one for plain files above 50 MB. One less than the machine has cores by default, and at
   * most three; 0 for none. The report is the same.
   */
  readonly workers?: number;
  /** Is told now and then how far the check is. */
  readonly onProgress?: (progress: ValidationProgress) => void;
  /** Ends the check early; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** How far a check is. */
export interface ValidationProgress {
  readonly requests: number;
  readonly bytes: number;
  /** The size of the file, where it is known: not for standard input and compressed files. */
  readonly totalBytes: number | undefined;
}

export interface CheckSettings {
  readonly target: ValidationTarget;
  readonly allowUnknownParameters: boolean | readonly string[];
  readonly ignore: readonly Code[];
  readonly maxFindings: number;
  readonly workers: number;
  readonly onProgress: (progress: ValidationProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/** Fills in defaults, and refuses what plain JavaScript may have handed over. */
export function readSettings(options: ValidateBatchFileOptions): CheckSettings {
  const {
    target = "upload",
    allowUnknownParameters = false,
    ignore = [],
    maxFindings = 1_000,
    workers = Math.min(3, availableParallelism() - 1),
    onProgress = () => {},
    signal,
  } = options;
  if (target !== "upload" && target !== "openbatch") refuse("target", "--for", '"upload" or "openbatch"');
  if (!isCount(maxFindings)) refuse("maxFindings", "--max-findings", "a whole number, 0 or more");
  if (!isCount(workers)) refuse("workers", "--workers", "a whole number, 0 or more");
  const unknown = ignore.find((code) => !Object.hasOwn(codeTable, code));
  if (unknown !== undefined) refuse("ignore", undefined, "a list of codes of openbatch");
  return { target, allowUnknownParameters, ignore, maxFindings, workers, onProgress, signal };
}

/** Only what a line is checked by, as data that can be sent to another thread. */
export function toLineOptions({ allowUnknownParameters, ignore }: CheckSettings): LineCheckOptions {
  return { allowUnknownParameters, ignore };
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0; // An integer is a number.
}

function refuse(option: string, flag: string | undefined, expected: string): never {
  const name = flag === undefined ? option : `${option} (${flag})`;
  throw new OpenbatchError("invalid_option", `The option ${name} must be ${expected}.`);
}
