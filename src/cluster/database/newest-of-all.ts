/**
 * The newest rows of all owners, at most $1 of them: of each owner as many, and of these the newest. There are few owners, and for each of
 * them an index of what is theirs.
 * @param where is true of the rows that are wanted, as the index of the table has it.
 */
export function newestOfAll(table: "batches" | "files", where: string): string {
  return `with recursive owners as (
    (select owner from openbatch.${table} where ${where} order by owner limit 1)
    union all
    select (select owner from openbatch.${table} where ${where} and owner > owners.owner order by owner limit 1)
    from owners where owners.owner is not null)
  select newest.* from owners, lateral (
    select * from openbatch.${table} where owner = owners.owner and ${where} order by sequence desc limit $1) as newest
  order by sequence desc limit $1`;
}
