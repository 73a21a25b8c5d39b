import {
  allowedNamesOption,
  assertOptions,
  countOption,
  describeName,
  functionOption,
  nearestName,
  type OptionRules,
  signalOption,
  textOption,
} from "../../api/index.js";
import { type Code, codeTable, OpenbatchError } from "../../errors/index.js";
import { countFreeCores } from "../../files/index.js";
import { findProfile } from "../../providers/index.js";
import type { LineCheckOptions } from "../lines/line-check.js";
import type { ValidationTarget } from "../report/report-fields.js";

export interface ValidateBatchFileOptions {
  /**
   * "upload", the default: the file is to be uploaded as it is, so it is held to the limits of one batch.
   * "openbatch": openbatch runs it request by request, on a server that may take more than OpenAI does, so what only a
   * single batch could not take, or only OpenAI refuses, is a note.
   * The name of a service, as "groq": it is uploaded there, and held to the limits and urls of that service.
   */
  readonly target?: ValidationTarget | undefined;
  /** Parameters to let through although openbatch does not know them: all (true), or those listed. None by default. */
  readonly allowUnknownParameters?: boolean | readonly string[] | undefined;
  /** Codes that are not to be reported, nor counted. None by default. */
  readonly ignore?: readonly Code[] | undefined;
  /** How many findings, that is causes, are listed at most; all are counted. 1,000 by default. */
  readonly maxFindings?: number | undefined;
  /**
   * Threads to use beside this one for plain files above 150 MB. One less than the machine has cores by default, and at
   * most three; 0 for none. The report is the same.
   */
  readonly workers?: number | undefined;
  /** Is told now and then how far the check is. */
  readonly onProgress?: ((progress: ValidationProgress) => void) | undefined;
  /** Ends the check early; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
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

const rules: OptionRules<ValidateBatchFileOptions> = {
  target: { ...textOption, flag: "--for" },
  allowUnknownParameters: { ...allowedNamesOption, flag: "--allow-unknown" },
  ignore: { isValid: Array.isArray, expected: "a list of codes" },
  maxFindings: { ...countOption, flag: "--max-findings" },
  workers: { ...countOption, flag: "--workers" },
  onProgress: functionOption,
  signal: signalOption,
};

/** Fills in defaults, and refuses what plain JavaScript may have handed over. */
export function readSettings(options: ValidateBatchFileOptions): CheckSettings {
  assertOptions(options, rules);
  const {
    target = "upload",
    allowUnknownParameters = false,
    ignore = [],
    maxFindings = 1_000,
    workers = countFreeCores(),
    onProgress = () => {},
    signal,
  } = options;
  assertTarget(target);
  assertCodes(ignore);
  return { target, allowUnknownParameters, ignore, maxFindings, workers, onProgress, signal };
}

/** Only what a line is checked by, as data that can be sent to another thread. */
export function toLineOptions({ allowUnknownParameters, ignore, target }: CheckSettings): LineCheckOptions {
  return { allowUnknownParameters, ignore, target };
}

function assertTarget(target: ValidationTarget): void {
  if (target === "upload" || target === "openbatch") return;
  const { lines, title } = findProfile(target);
  if (lines === "openai") return;
  throw new OpenbatchError("invalid_option", `A batch file does not go to ${title} as it is.`, {
    hint: `What cannot be said there, openbatch plan FILE --provider NAME tells.`,
  });
}

function assertCodes(ignore: readonly unknown[]): void {
  for (const code of ignore) {
    if (typeof code === "string" && Object.hasOwn(codeTable, code)) continue;
    const nearest = typeof code === "string" ? nearestName(code, Object.keys(codeTable)) : undefined;
    throw new OpenbatchError(
      "invalid_option",
      `The option ignore has ${describeName(code)}, which is no code.`,
      {
        hint:
          nearest === undefined
            ? "Use codes that the report has: docs/errors.md lists them."
            : `Did you mean ${nearest}?`,
      },
    );
  }
}
