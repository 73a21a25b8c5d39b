import { OpenbatchError } from "../../errors/index.js";

export interface NoneJoined {
  readonly table: string;
  /** How many rows it has. */
  readonly rows: number;
  /** Some ids of results. */
  readonly ids: readonly string[];
}

/** What is said where no row of a table has a result: it is another table, or its ids are made of something else. */
export function noneJoined({ table, rows, ids }: NoneJoined): OpenbatchError {
  const shown = ids.slice(0, 3).map((id) => JSON.stringify(id.length > 64 ? `${id.slice(0, 60)}…` : id));
  const which = rows === 1 ? "The one row" : `None of the ${rows} rows`;
  return new OpenbatchError(
    "invalid_option",
    `${which} of ${table} has ${rows === 1 ? "no" : "a"} result; there are results of ${shown.join(", ")}.`,
    {
      hint: 'Name the column that holds the custom_id, or what the id is made of: on (--on COLUMN, --on "{hotel}-{id}"). Or give the template: template (--template FILE).',
    },
  );
}
