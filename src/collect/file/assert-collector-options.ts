import {
  allowedNamesOption,
  assertOptions,
  choiceOption,
  flagOption,
  functionOption,
  type OptionRules,
  targetOption,
} from "../../api/index.js";
import type { CollectorOptions } from "./collector-options.js";

export const collectorOptionRules: OptionRules<CollectorOptions> = {
  mode: choiceOption("append", "overwrite", "create"),
  buffered: flagOption,
  ensureAscii: flagOption,
  onDuplicate: choiceOption("error", "skip"),
  target: targetOption,
  allowUnknownParameters: allowedNamesOption,
  onWarning: functionOption,
};

/** What plain JavaScript may get wrong in the options of a collector. */
export function assertCollectorOptions(options: CollectorOptions): void {
  assertOptions(options, collectorOptionRules);
}
