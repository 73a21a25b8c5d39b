import type { TableFormat } from "../index.js";

/** The options of `openbatch build`, as they were understood. */
export interface BuildFlags {
  readonly template: string;
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
  readonly allowUnknown?: readonly string[];
  readonly inputFormat?: TableFormat;
  readonly header: boolean;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly encoding?: string;
  readonly images?: string;
  readonly maxImageBytes?: number;
  readonly ensureAscii?: true;
  readonly json?: true;
}
