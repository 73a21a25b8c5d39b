import type { Session } from "./database.js";

/** What tells the storage of a database from any other one. */
export interface StorageMark {
  readonly mark: string;
  /** Whether there is a storage that has it. */
  readonly isBegun: boolean;
}

/** It is locked until the end of the transaction, where that is asked for. */
export async function readStorageMark(
  session: Session,
  { isLocked = false }: { readonly isLocked?: boolean } = {},
): Promise<StorageMark> {
  const [row] = await session.query<{ mark: string; isBegun: boolean }>(
    `select mark, begun_at is not null as "isBegun" from openbatch.storage ${isLocked ? "for update" : ""}`,
  );
  if (row === undefined) throw new TypeError("The database has no mark of a storage.");
  return row;
}

export async function noteStorageBegun(session: Session): Promise<void> {
  await session.query("update openbatch.storage set begun_at = coalesce(begun_at, now())");
}
