import type { Session } from "./database.js";
import type { SegmentPart } from "./files-table.js";

/** A piece of a file. */
export interface Piece {
  readonly n: number;
  readonly token: string;
  readonly bytes: number;
}

/** The pieces of one of the two files of a batch, in their order. */
export async function listPieces(
  session: Session,
  batch: string,
  part: SegmentPart,
): Promise<readonly Piece[]> {
  return session.query<Piece & { readonly [column: string]: unknown }>(
    `select n, token, ${part}_bytes::float8 as bytes from openbatch.segments
     where batch = $1 and ${part}_bytes > 0 order by n`,
    [batch],
  );
}
