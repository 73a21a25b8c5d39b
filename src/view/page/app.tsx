import { useEffect, useState } from "preact/hooks";
import type { SourceActivity } from "../wire/source-activity.js";
import type { SourceName, SourceSummary } from "../wire/source-summary.js";
import { ActivityPanel } from "./activity-panel.js";
import type { PageData } from "./data.js";
import { DetailPane } from "./detail-pane.js";
import { Facets } from "./facets.js";
import { FilterBar } from "./filter-bar.js";
import { RowsTable } from "./rows-table.js";
import { Tiles } from "./tiles.js";
import { useEvents } from "./use-events.js";
import { type ServerTrouble, useAddress, useRows, useSummary } from "./use-page.js";
import { countText } from "./words.js";

interface AppProps {
  readonly data: PageData;
  /** How many of the rows there are in a report, which holds no lines and no images of theirs. */
  readonly sampled?: number | undefined;
  /** What went on with what is in a report. */
  readonly activity?: SourceActivity | undefined;
}

export function App({ data, sampled, activity }: AppProps) {
  const [address, change] = useAddress();
  const event = useEvents(data, address.source);
  const { summary, trouble } = useSummary(data, address.source, event?.readings);
  const sources = useSources(data);
  const isRead = summary?.state === "complete" || summary?.state === "failed";
  const rows = useRows(
    data,
    address,
    isRead ? `all ${summary.readings}` : `${summary?.state} ${summary?.total} ${summary?.progress}`,
  );
  const close = (): void => {
    change({ open: undefined });
    document.getElementById("rows")?.focus();
  };
  useEffect(() => {
    document.title = `${summary === undefined ? "" : `${summary.name} – `}openbatch`;
  }, [summary?.name]);
  return (
    <>
      <Head
        summary={summary}
        sources={sources}
        source={address.source}
        onSource={(source) => change({ source, open: undefined })}
      />
      {sampled === undefined || summary === undefined || sampled === summary.total ? null : (
        <p class="note">
          The counts are of all {countText(summary.total)} requests. {countText(sampled)} of them are in this
          report, some of every cause.
        </p>
      )}
      <TroubleLine trouble={trouble} />
      {summary === undefined ? null : (
        <main class={address.open === undefined ? "" : "is-open"}>
          <div class="top">
            <Tiles summary={summary} address={address} onChange={change} />
            <ActivityPanel summary={summary} activity={event?.activity ?? activity} />
          </div>
          <Facets summary={summary} address={address} onChange={change} />
          <section class="list" aria-label="Requests">
            <FilterBar sampled={sampled} summary={summary} address={address} rows={rows} onChange={change} />
            <RowsTable
              rows={rows}
              address={address}
              onOpen={(open) => change({ open }, address.open === undefined)}
              onClose={close}
            />
          </section>
          {address.open === undefined ? null : (
            <DetailPane
              isReport={sampled !== undefined}
              {...{ data, address, rows }}
              version={`${summary.state} ${summary.readings} ${rows.total}`}
              onOpen={(open) => change({ open }, false)}
              onClose={close}
            />
          )}
        </main>
      )}
    </>
  );
}

function useSources(data: PageData): readonly SourceName[] {
  const [sources, setSources] = useState<readonly SourceName[]>([]);
  useEffect(() => {
    data.sources().then(setSources, () => undefined);
  }, [data]);
  return sources;
}

interface HeadProps {
  readonly summary: SourceSummary | undefined;
  readonly sources: readonly SourceName[];
  readonly source: string;
  readonly onSource: (source: string) => void;
}

function Head({ summary, sources, source, onSource }: HeadProps) {
  return (
    <header>
      <h1>
        <span class="mark">openbatch</span> {summary?.name}
      </h1>
      {sources.length < 2 ? null : (
        <select
          aria-label="Batch file"
          value={source}
          onChange={(event) => onSource(event.currentTarget.value)}
        >
          {sources.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      {summary?.isRehearsal ? <strong class="badge rehearsal">rehearsal: answers are made up</strong> : null}
      {summary === undefined ? null : <Files summary={summary} />}
      {summary === undefined ? null : <Progress summary={summary} />}
    </header>
  );
}

function Files({ summary: { results, models, tokens, strays } }: { readonly summary: SourceSummary }) {
  const names = Object.keys(models);
  const facts = [
    results.length === 0 ? "no results yet" : results.join(", "),
    ...(names.length === 0 ? [] : [names.length < 4 ? names.join(", ") : `${names.length} models`]),
    ...(tokens.answers === 0
      ? []
      : [`${countText(tokens.input)} tokens in, ${countText(tokens.output)} out`]),
    ...(strays === 0 ? [] : [`${countText(strays)} lines belong to no request`]),
  ];
  return <p class="facts">{facts.join(" · ")}</p>;
}

function Progress({ summary: { state, progress, failure } }: { readonly summary: SourceSummary }) {
  if (failure !== undefined)
    return (
      <p role="alert" class="trouble">
        {failure.message} {failure.hint}
      </p>
    );
  if (state === "complete") return null;
  return (
    <label class="progress">
      {state === "finding" ? "Finding rows" : "Reading answers"}
      <progress value={progress} max={1} />
    </label>
  );
}

function TroubleLine({ trouble }: { readonly trouble: ServerTrouble }) {
  if (trouble === undefined) return null;
  return (
    <p role="alert" class="trouble">
      {trouble === "gone"
        ? "The server does not answer. Is openbatch view still running? What is shown stays as it was."
        : "This page has no key to the data: open the link that openbatch view has printed."}
    </p>
  );
}
