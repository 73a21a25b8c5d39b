import type { ServedBatch, ServedFile, ServiceState } from "../../wire/service.js";
import { bytesText, countText } from "../words.js";
import { BatchBar } from "./batch-bar.js";
import { toBatchLink } from "./open-batch.js";
import { TableHeads } from "./table-heads.js";
import { Ago, Left } from "./time-words.js";

interface BatchListProps {
  readonly state: ServiceState;
  /** Asks for older ones too. */
  readonly onMore: () => void;
}

/** Batches and files, the newest first. */
export function BatchList({ state, onMore }: BatchListProps) {
  const { batches, batchCount, files, fileCount } = state;
  const isOwned = [...batches, ...files].some(({ owner }) => owner !== "");
  const owner = isOwned ? ["Owner"] : [];
  return (
    <>
      <section aria-label="Batches">
        <h2>
          {countText(batchCount)} {batchCount === 1 ? "batch" : "batches"}
        </h2>
        {batches.length === 0 ? (
          <p class="facts">There is none yet.</p>
        ) : (
          <div class="wide" tabIndex={0} role="region" aria-label="List of batches">
            <table>
              <TableHeads names={["State", "Batch", ...owner, "Requests", "Model", "Begun", "Out of time"]} />
              <tbody>
                {batches.map((batch) => (
                  <BatchRow key={batch.id} {...{ batch, isOwned }} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <Rest shown={batches.length} all={batchCount} onMore={onMore} />
      </section>
      {fileCount === 0 ? null : <Files {...{ files, isOwned, onMore }} count={fileCount} />}
    </>
  );
}

interface FilesProps extends Pick<BatchListProps, "onMore"> {
  readonly files: readonly ServedFile[];
  readonly isOwned: boolean;
  readonly count: number;
}

function Files({ files, isOwned, count, onMore }: FilesProps) {
  return (
    <section aria-label="Files">
      <h2>
        {countText(count)} {count === 1 ? "file" : "files"}
      </h2>
      <div class="wide" tabIndex={0} role="region" aria-label="List of files">
        <table>
          <TableHeads names={["File", ...(isOwned ? ["Owner"] : []), "Purpose", "Size", "Made", "Kept"]} />
          <tbody>
            {files.map((file) => (
              <FileRow key={file.id} {...{ file, isOwned }} />
            ))}
          </tbody>
        </table>
      </div>
      <Rest shown={files.length} all={count} onMore={onMore} />
    </section>
  );
}

interface RestProps extends Pick<BatchListProps, "onMore"> {
  readonly shown: number;
  readonly all: number;
}

/** So many are drawn at the most. */
const mostShown = 1000;

/** Older ones are there too. */
function Rest({ shown, all, onMore }: RestProps) {
  if (shown === all) return null;
  return (
    <p class="buttons">
      {countText(all - shown)} older ones are not shown.
      {shown >= mostShown ? null : (
        <button type="button" onClick={onMore}>
          Show more
        </button>
      )}
    </p>
  );
}

interface BatchRowProps {
  readonly batch: ServedBatch;
  /** Whether owners are told apart. */
  readonly isOwned: boolean;
}

function BatchRow({ batch, isOwned }: BatchRowProps) {
  const { id, name, state, endpoint, model, stamps, expiresAt, isAtEnd, wait } = batch;
  return (
    <tr>
      <td>
        <span class={`badge in-${state}`}>{state}</span>
        {wait === undefined ? null : <small>waits</small>}
      </td>
      <th scope="row" class="name">
        <a href={toBatchLink(id)}>{name ?? id}</a>
        {name === undefined ? null : <small>{id}</small>}
      </th>
      {isOwned ? <Owner owner={batch.owner} /> : null}
      <td>
        <BatchBar batch={batch} />
      </td>
      <td>
        {model ?? "–"}
        <small>{endpoint}</small>
      </td>
      <td>
        <Ago at={stamps[0]?.at} />
      </td>
      <td>{isAtEnd ? "–" : <Left until={expiresAt} word="in" />}</td>
    </tr>
  );
}

/** What was made here, and not by a caller, belongs to nobody else. */
function Owner({ owner }: { readonly owner: string }) {
  return <td class="owner">{owner === "" ? "this page" : owner}</td>;
}

interface FileRowProps {
  readonly file: ServedFile;
  readonly isOwned: boolean;
}

function FileRow({ file, isOwned }: FileRowProps) {
  const { id, name, purpose, bytes, createdAt, expiresAt } = file;
  return (
    <tr>
      <th scope="row" class="name">
        {name}
        <small>{id}</small>
      </th>
      {isOwned ? <Owner owner={file.owner} /> : null}
      <td>{purpose}</td>
      <td class="size">{bytesText(bytes)}</td>
      <td>
        <Ago at={createdAt} />
      </td>
      <td>{expiresAt === undefined ? "for good" : <Left until={expiresAt} word="for" />}</td>
    </tr>
  );
}
