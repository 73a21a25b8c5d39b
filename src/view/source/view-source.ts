import type { RowFilter } from "../rows/row-filter.js";
import type { RowDetail } from "../wire/row-detail.js";
import type { RowPage } from "../wire/row-page.js";
import type { SourceActivity, SourceEvent } from "../wire/source-activity.js";
import type { SourceSummary } from "../wire/source-summary.js";

/** Results that a page shows. Whatever has results of a batch can be one. */
export interface ViewSource {
  readonly id: string;
  /** Resolves when everything is read, or cannot be. */
  readonly whenRead: Promise<void>;
  readonly summary: () => SourceSummary;
  readonly readPage: (query: RowQuery) => Promise<RowPage>;
  /** `undefined` where there is no such row. */
  readonly readDetail: (row: number | string, filter: RowFilter) => Promise<RowDetail | undefined>;
  /** A line as it stands in its file. */
  readonly readLine: (row: number, of: "request" | "result") => string | undefined;
  /** An image whose bytes are in the answer, or in that of the other results. */
  readonly readImage: (row: number, index: number, of: "result" | "other") => Promise<Buffer | undefined>;
  /** Reads on in files that have only grown. False where all has to be read anew; what is shown may be neither until then. */
  readonly extend?: (growth: SourceGrowth) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** What has changed of a source whose last results file has grown. */
export interface SourceGrowth {
  /** Its bytes. */
  readonly bytes: number;
  /** Whether what is missing may still come. */
  readonly mayStillCome: boolean;
  readonly times: SourceSummary["times"];
  /** The number of the reading. */
  readonly readings: number;
  /** Breaks it off. */
  readonly signal: AbortSignal;
}

/** A source whose files may change while they are shown. */
export interface FollowableSource extends ViewSource {
  /** What goes on with it now. */
  readonly activity: () => Promise<SourceActivity>;
  /** Looks at the files from now on, and tells whatever changes. Gives what ends that. */
  readonly follow: (onEvent: (event: SourceEvent) => void) => () => void;
}

export interface RowQuery {
  readonly from: number;
  readonly count: number;
  readonly filter: RowFilter;
  /** Those that are shown by default, where it is empty. */
  readonly columns: readonly string[];
}
