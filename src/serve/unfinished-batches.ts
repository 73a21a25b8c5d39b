import { countOf, OpenbatchError } from "../errors/index.js";

/** Where batches are that were begun by who answers otherwise. */
export interface BegunOtherwise {
  /** A folder or a database. */
  readonly place: string;
  readonly count: number;
  /** Whether answers would be made up now. */
  readonly isRehearsal: boolean;
  /** The way out, as it ends the hint. */
  readonly otherwise: string;
}

/**
 * Answers that are made up are not to be mixed with real ones in one output.
 * @throws OpenbatchError `unfinished_batches`
 */
export function assertNoneBegunOtherwise({ place, count, isRehearsal, otherwise }: BegunOtherwise): void {
  if (count === 0) return;
  const [found, needed] = isRehearsal ? ["an upstream", "--upstream URL"] : ["a rehearsal", "--rehearse"];
  throw new OpenbatchError(
    "unfinished_batches",
    `${place} holds ${countOf(count, "batch", "batches")} begun with ${found} and not at the end.`,
    { hint: `Let them end with ${needed}, or ${otherwise}.` },
  );
}
