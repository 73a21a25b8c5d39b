import type { RowDetail } from "./row-detail.js";
import type { RowCells } from "./row-page.js";
import type { SourceActivity } from "./source-activity.js";
import type { SourceSummary } from "./source-summary.js";

/** What a report holds: all counts, and some of the rows. */
export interface ReportContent {
  readonly summary: SourceSummary;
  readonly activity: SourceActivity;
  readonly columns: readonly string[];
  /** In the order of the batch file. */
  readonly rows: readonly ReportRow[];
}

export interface ReportRow {
  readonly cells: RowCells;
  /** The number of its cause. */
  readonly cause: number | undefined;
  readonly isDifferent: boolean;
  readonly detail: RowDetail;
}
