import type { FileObject } from "../../api/index.js";
import type { FileRecord, FileSlice, NewFile } from "../../serve/index.js";
import type { Session } from "./database.js";

/** A file whose content is what a batch wrote. */
export interface SegmentedFile extends NewFile {
  readonly batch: string;
  readonly part: SegmentPart;
}

export type SegmentPart = "output" | "errors";

/** Where the content of a file lies. */
export interface ContentPlace {
  readonly bytes: number;
  /** The batch whose segments it is; an upload lies in one piece. */
  readonly batch: string | null;
  readonly part: SegmentPart | null;
}

/** A file as it is read. */
export interface FileRow extends ContentPlace {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly sequence: number;
  readonly purpose: string;
  readonly filename: string;
  readonly created: number;
  readonly expires: number | null;
}

/** What is read of a file. */
export const fileColumns = `id, sequence::float8, purpose, filename, bytes::float8, batch, part,
  floor(extract(epoch from created_at))::float8 as created, floor(extract(epoch from expires_at))::float8 as expires`;

/** Whether a file is shown. */
export const isThere = "removed_at is null and (expires_at is null or expires_at > now())";

export async function countFiles(session: Session): Promise<number> {
  const [found] = await session.query<{ count: number }>(
    `select count(*)::int as count from openbatch.files where ${isThere}`,
  );
  return found?.count ?? 0;
}

export async function findFile(session: Session, id: string, owner: string): Promise<FileObject | undefined> {
  const [row] = await session.query<FileRow>(
    `select ${fileColumns} from openbatch.files where id = $1 and owner = $2 and ${isThere}`,
    [id, owner],
  );
  return row && toFileRecord(row).object;
}

/** Where the content of a file lies, whoever it belongs to, also of one that was removed and is still used. */
export async function findPlace(session: Session, id: string): Promise<ContentPlace | undefined> {
  const [row] = await session.query<FileRow>(`select ${fileColumns} from openbatch.files where id = $1`, [
    id,
  ]);
  return row;
}

export async function listFiles(
  session: Session,
  { order, after, limit, purpose }: FileSlice,
  owner: string,
): Promise<readonly FileRecord[]> {
  const rows = await session.query<FileRow>(
    `select ${fileColumns} from openbatch.files
     where owner = $1 and ${isThere} and ($2::text is null or purpose = $2)
       and ($3::float8 is null or sequence ${order === "asc" ? ">" : "<"} $3)
     order by sequence ${order} limit $4`,
    [owner, purpose ?? null, after ?? null, limit],
  );
  return rows.map(toFileRecord);
}

export async function sequenceOfFile(
  session: Session,
  id: string,
  owner: string,
): Promise<number | undefined> {
  const [row] = await session.query<{ sequence: number }>(
    "select sequence::float8 from openbatch.files where id = $1 and owner = $2",
    [id, owner],
  );
  return row?.sequence;
}

/** A file that is there already stays as it is. */
export async function insertFile(
  session: Session,
  file: NewFile | SegmentedFile,
  owner: string,
): Promise<FileObject | undefined> {
  const { id, purpose, filename, bytes, seconds } = file;
  const { batch, part } = "batch" in file ? file : { batch: null, part: null };
  const [row] = await session.query<FileRow>(
    `insert into openbatch.files (id, owner, purpose, filename, bytes, expires_at, batch, part)
     values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), $7, $8)
     on conflict do nothing returning ${fileColumns}`,
    [id, owner, purpose, filename, bytes, seconds ?? null, batch, part],
  );
  return row && toFileRecord(row).object;
}

export async function removeFileOf(session: Session, id: string, owner: string): Promise<void> {
  await session.query(
    "update openbatch.files set removed_at = now() where id = $1 and owner = $2 and removed_at is null",
    [id, owner],
  );
}

/** Takes files whose time is over out of sight. */
export async function removeExpiredFiles(session: Session): Promise<void> {
  await session.query(
    "update openbatch.files set removed_at = now() where removed_at is null and expires_at <= now()",
  );
}

/** A file that was removed, and whose content nobody needs any more. */
export interface UnusedFile extends ContentPlace {
  readonly id: string;
}

/** Files whose content can go: no batch that is not at its end has it as its input. */
export async function listUnused(session: Session): Promise<readonly UnusedFile[]> {
  return session.query<FileRow>(
    `select ${fileColumns} from openbatch.files
     where removed_at is not null and bytes >= 0 and not exists (
       select from openbatch.batches
       where input = files.id and status in ('validating', 'in_progress', 'finalizing', 'cancelling'))
     limit 100`,
  );
}

/** Those of which nothing is known: whoever uploaded them has never been told of them, or they are forgotten. */
export async function listUnknownFiles(session: Session, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query<{ id: string }>(
    "select id from unnest($1::text[]) as given (id) where not exists (select from openbatch.files where files.id = given.id and bytes >= 0)",
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** Its row stays for a day, for whoever pages through the list and deletes what he has seen. */
export async function forgetContent(session: Session, id: string): Promise<void> {
  await session.query("update openbatch.files set bytes = -1 where id = $1", [id]);
  await session.query(
    "delete from openbatch.files where bytes < 0 and removed_at < now() - interval '1 day'",
  );
}

export function toFileRecord({
  id,
  sequence,
  purpose,
  filename,
  bytes,
  created,
  expires,
}: FileRow): FileRecord {
  return {
    id,
    sequence,
    object: {
      ...{ object: "file", id, purpose, filename, bytes },
      ...{ created_at: created, expires_at: expires, status: "processed", status_details: null },
    },
  };
}
