import type { ServedBatch, ServedFile, ServiceState } from "../../wire/service.js";
import { bytesText, countText } from "../words.js";
import { BatchBar } from "./batch-bar.js";
import { toBatchLink } from "./open-batch.js";
import { Ago, Left } from "./time-words.js";

interface BatchListProps {
  readonly state: ServiceState;
  /** Asks for older ones too. */
  readonly onMore: () => void;
}

/** Batches and files, the newest first. */
export function BatchList({ state, onMore }: BatchListProps) {
  const { batches, batchCount, files, fileCount } = state;
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
              <Heads names={["State", "Batch", "Requests", "Model", "Begun", "Out of time"]} />
              <tbody>
                {batches.map((batch) => (
                  <BatchRow key={batch.id} batch={batch} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <Rest shown={batches.length} all={batchCount} onMore={onMore} />
      </section>
      {fileCount === 0 ? null : <Files files={files} count={fileCount} onMore={onMore} />}
    </>
  );
}

interface FilesProps extends Pick<BatchListProps, "onMore"> {
  readonly files: readonly ServedFile[];
  readonly count: number;
}

function Files({ files, count, onMore }: FilesProps) {
  return (
    <section aria-label="Files">
      <h2>
        {countText(count)} {count === 1 ? "file" : "files"}
      </h2>
      <div class="wide" tabIndex={0} role="region" aria-label="List of files">
        <table>
          <Heads names={["File", "Purpose", "Size", "Made", "Kept"]} />
          <tbody>
            {files.map((file) => (
              <FileRow key={file.id} file={file} />
            ))}
          </tbody>
        </table>
      </div>
      <Rest shown={files.length} all={count} onMore={onMore} />
    </section>
  );
}

function Heads({ names }: { readonly names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
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

function BatchRow({ batch }: { readonly batch: ServedBatch }) {
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

function FileRow({
  file: { id, name, purpose, bytes, createdAt, expiresAt },
}: {
  readonly file: ServedFile;
}) {
  return (
    <tr>
      <th scope="row" class="name">
        {name}
        <small>{id}</small>
      </th>
      <td>{purpose}</td>
      <td class="size">{bytesText(bytes)}</td>
      <td>
        <Ago at={createdAt} />
      </td>
      <td>{expiresAt === undefined ? "for good" : <Left until={expiresAt} word="for" />}</td>
    </tr>
  );
}
