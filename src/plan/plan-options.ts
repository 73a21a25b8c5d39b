import {
  assertOptions,
  countFromOneOption,
  flagOption,
  functionOption,
  type OptionRules,
  signalOption,
  textOption,
} from "../api/index.js";
import type { ReadingProgress } from "../batch-file/index.js";
import { OpenbatchError } from "../errors/index.js";
import { toPath } from "../files/index.js";
import { findProfile, type Profile, type ProfileName, recogniseProfile } from "../providers/index.js";

export interface PlanBatchFileOptions {
  /** The service that the file is for. By default that of `baseURL`, and OpenAI where there is none. */
  readonly provider?: ProfileName;
  /** Where the service is, as the SDK takes it: it tells which one it is. */
  readonly baseURL?: string;
  /** Requests in one part at most, where that is below the limit of the service. */
  readonly maxRequests?: number;
  /** Bytes of one part at most, where that is below the limit of the service. */
  readonly maxBytes?: number;
  /** A folder to write the parts to, as files. It is made where it is absent. By default nothing is written. */
  readonly to?: string | URL;
  /** Whether to replace parts that are there already. False by default: then it is an error. */
  readonly overwrite?: boolean;
  /** Is told now and then how far the file is read. */
  readonly onProgress?: (progress: ReadingProgress) => void;
  /** Ends the planning early; its reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface PlanSettings extends Pick<PlanBatchFileOptions, "maxRequests" | "maxBytes"> {
  readonly profile: Profile;
  readonly folder: string | undefined;
  readonly overwrite: boolean;
  readonly onRead: ((progress: ReadingProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

const rules: OptionRules<PlanBatchFileOptions> = {
  provider: { ...textOption, flag: "--provider" },
  baseURL: { ...textOption, flag: "--base-url" },
  maxRequests: { ...countFromOneOption, flag: "--max-requests" },
  maxBytes: { ...countFromOneOption, flag: "--max-bytes" },
  to: {
    isValid: (value) => textOption.isValid(value) || value instanceof URL,
    expected: "the path of a folder",
    flag: "--to",
  },
  overwrite: { ...flagOption, flag: "--overwrite" },
  onProgress: functionOption,
  signal: signalOption,
};

/** Fills in defaults, and refuses what plain JavaScript may have handed over. */
export function readPlanSettings(options: PlanBatchFileOptions): PlanSettings {
  assertOptions(options, rules);
  const { to, overwrite = false, onProgress, signal, maxRequests, maxBytes } = options;
  return {
    profile: chooseProfile(options),
    folder: to === undefined ? undefined : toPath(to),
    ...{ overwrite, onRead: onProgress, signal },
    ...(maxRequests === undefined ? {} : { maxRequests }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
}

function chooseProfile({ provider, baseURL }: PlanBatchFileOptions): Profile {
  const named = provider ?? (baseURL === undefined ? "openai" : recogniseProfile(baseURL).name);
  const profile = findProfile(named);
  if (profile.lines === "openai") return profile;
  throw new OpenbatchError("invalid_option", `A batch file does not go to ${profile.title} as it is.`, {
    hint: "Its batches take requests of another shape: docs/providers.md.",
  });
}
