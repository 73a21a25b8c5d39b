import { OpenbatchError } from "../../errors/index.js";

/** The names of columns by a header, each its own; one without a name is called `column_N`. */
export function toColumnNames(header: readonly string[], place: string): readonly string[] {
  const columns = header.map((name, index) => (name === "" ? `column_${index + 1}` : name));
  const seen = new Map<string, number>();
  columns.forEach((name, index) => {
    const before = seen.get(name);
    if (before !== undefined) {
      throw new OpenbatchError(
        "invalid_table",
        `${place}: columns ${before + 1} and ${index + 1} are both called ${nameOf(name)}.`,
        {
          hint: "Give each column a name of its own. Where the first line is a row: header false (--no-header).",
        },
      );
    }
    seen.set(name, index);
  });
  return columns;
}

/** A long name is a cell of a table without a header, which is content. */
function nameOf(column: string): string {
  return column.length <= 64 ? JSON.stringify(column) : `a text of ${column.length} characters`;
}
