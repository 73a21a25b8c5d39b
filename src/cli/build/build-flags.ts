import type { TableFlags } from "../frame/table-flags.js";

/** The options of `openbatch build`, as they were understood. */
export interface BuildFlags extends TableFlags {
  readonly template: string;
  /** The option, or the argument. */
  readonly input: string;
  /** Absent only with `dryRun`. */
  readonly output?: string;
  readonly overwrite?: true;
  readonly append?: true;
  readonly dryRun?: true;
  readonly lines: number;
  readonly limit?: number;
  readonly onError: "stop" | "skip";
  readonly null?: string;
  readonly skipEmpty?: true;
  readonly skipBlankRows?: true;
  readonly for: "upload" | "openbatch";
  readonly allowUnknown?: readonly string[];
  readonly images?: string;
  readonly maxImageBytes?: number;
  readonly ensureAscii?: true;
  readonly json?: true;
}
