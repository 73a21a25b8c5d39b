import type { FileObject } from "../../api/index.js";
import type { FileRecord } from "../../serve/index.js";
import type { Session } from "./database.js";
import { type FileRow, fileColumns, isThere, toFileRecord } from "./files-table.js";
import { newestOfAll } from "./newest-of-all.js";

/** A file, whoever it belongs to. */
export interface OwnedFile {
  readonly record: FileRecord;
  readonly owner: string;
}

type OwnedRow = FileRow & { readonly owner: string };

export async function listNewestFiles(session: Session, most: number): Promise<readonly OwnedFile[]> {
  const newest = newestOfAll("files", "removed_at is null");
  const rows = await session.query<OwnedRow>(
    `select ${fileColumns}, owner from (${newest}) as files where ${isThere} order by sequence desc`,
    [most],
  );
  return rows.map((row) => ({ record: toFileRecord(row), owner: row.owner }));
}

/** Those of these files that are there. */
export async function findFilesOfAll(
  session: Session,
  ids: readonly string[],
): Promise<ReadonlyMap<string, FileObject>> {
  const rows = await session.query<FileRow>(
    `select ${fileColumns} from openbatch.files where id = any($1) and ${isThere}`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, toFileRecord(row).object]));
}
