import { toFieldCounts } from "../rows/field-counts.js";
import type { RowColumns } from "../rows/row-columns.js";
import type { SourceSummary } from "../wire/source-summary.js";

/** What a summary tells of the answers themselves. */
type ColumnsSummary = Pick<SourceSummary, "counts" | "causes" | "fields" | "tokens" | "spreads" | "models">;

/** @param total how many rows there are; those that are not read yet are counted too. */
export function summarizeColumns(columns: RowColumns, total: number): ColumnsSummary {
  const { answers, input_tokens, input_tokens_details, output_tokens, output_tokens_details } = columns.usage;
  const unread = total - columns.length;
  return {
    counts: { ...(unread > 0 ? { reading: unread } : {}), ...columns.counts() },
    causes: columns.causes.listNumbered().map(({ custom_ids: _, rule, ...cause }) => ({ ...cause, rule })),
    fields: toFieldCounts(columns.fields.list(), columns.values),
    tokens: {
      answers,
      input: input_tokens,
      cached: input_tokens_details.cached_tokens,
      output: output_tokens,
      reasoning: output_tokens_details.reasoning_tokens,
    },
    spreads: columns.spreads(),
    models: Object.fromEntries(columns.models),
  };
}
