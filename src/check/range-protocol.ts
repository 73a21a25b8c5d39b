import type { LineCheckOptions } from "./line-check.js";
import type { RangeResult } from "./range-check.js";

/** What a range worker is started with. File descriptors are shared by all threads of a process. */
export interface RangeWorkerData {
  readonly fd: number;
  readonly options: LineCheckOptions;
}

/** The answer of a range worker to a `ByteRange`. */
export type RangeReply =
  | { readonly kind: "checked"; readonly result: RangeResult }
  | { readonly kind: "failed"; readonly error: unknown };
