import type { AnswerField, NumberSpread, Spread } from "../../results/index.js";
import type { FieldCount, FieldSpread, RangedSpread } from "../wire/source-summary.js";
import type { RowValues } from "./row-values.js";

const maxValues = 50;

/** What stands at each place of the answers, as the page is told. */
export function toFieldCounts(fields: readonly AnswerField[], values: RowValues): readonly FieldCount[] {
  return fields.map((field) => {
    const { path, count, nulls, distinct, hasMore, isChoice, numbers, lengths } = field;
    const listed = isChoice ? field.values.slice(0, maxValues) : [];
    return {
      ...{ path, count, nulls, distinct, hasMore },
      values: listed.map((each) => ({ value: JSON.stringify(each.value), count: each.count })),
      isFilter: listed.length > 0 && values.knows(path),
      numbers: numbers === undefined ? undefined : toRangedSpread(numbers),
      lengths: lengths === undefined ? undefined : toFieldSpread(lengths),
    };
  });
}

export function toRangedSpread(spread: NumberSpread): RangedSpread {
  return { ...toFieldSpread(spread), ranges: spread.ranges };
}

function toFieldSpread({ least, most, mean, p50, p95 }: Spread): FieldSpread {
  return { least, most, mean, p50, p95 };
}
