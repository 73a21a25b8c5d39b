import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SourceActivity } from "../wire/source-activity.js";
import type { SourceName, SourceSummary } from "../wire/source-summary.js";
import { ActivityPanel } from "./activity-panel.js";
import type { PageData } from "./data.js";
import { DetailPane } from "./detail-pane.js";
import { Facets } from "./facets.js";
import { FilterBar } from "./filter-bar.js";
import { PageHead, RehearsalBadge, TroubleLine } from "./page-head.js";
import { RowsTable } from "./rows-table.js";
import { Tiles } from "./tiles.js";
import { type LatestEvents, useEvents } from "./use-events.js";
import { useAddress, useRows, useSummary } from "./use-page.js";
import { countText } from "./words.js";

interface AppProps {
  readonly data: PageData;
  /** What goes on, as it was told last. */
  readonly events: LatestEvents;
  /** How many of the rows there are in a report, which holds no lines and no images of theirs. */
  readonly sampled?: number | undefined;
  /** What went on with what is in a report. */
  readonly activity?: SourceActivity | undefined;
  /** What leads back to where the source was chosen. */
  readonly trail?: ComponentChildren;
  /** What is said of the source before its results. */
  readonly panel?: ComponentChildren;
  /** What runs the server. */
  readonly command?: string;
}

/** The results of one source. */
export function App({ data, events, sampled, activity, trail, panel, command = "openbatch view" }: AppProps) {
  const [address, change] = useAddress();
  const event = events.of(address.source);
  const { value: summary, trouble } = useSummary(data, address.source, event?.readings);
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
  return (
    <>
      <PageHead name={summary?.name} trail={trail}>
        <SourceChoice
          sources={sources}
          source={address.source}
          onSource={(source) => change({ source, open: undefined })}
        />
        {summary === undefined ? null : <SourceFacts summary={summary} />}
      </PageHead>
      {sampled === undefined || summary === undefined || sampled === summary.total ? null : (
        <p class="note">
          The counts are of all {countText(summary.total)} requests. {countText(sampled)} of them are in this
          report, some of every cause.
        </p>
      )}
      <TroubleLine trouble={trouble} command={command} />
      {summary === undefined ? null : (
        <main class={address.open === undefined ? "" : "is-open"}>
          <div class="top">
            {panel}
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

/** The results of few sources, to choose from. */
export function ViewApp(props: Omit<AppProps, "events">) {
  return <App {...props} events={useEvents(props.data, undefined)} />;
}

function useSources(data: PageData): readonly SourceName[] {
  const [sources, setSources] = useState<readonly SourceName[]>([]);
  useEffect(() => {
    data.sources().then(setSources, () => undefined);
  }, [data]);
  return sources;
}

interface SourceChoiceProps {
  readonly sources: readonly SourceName[];
  readonly source: string;
  readonly onSource: (source: string) => void;
}

function SourceChoice({ sources, source, onSource }: SourceChoiceProps) {
  if (sources.length < 2) return null;
  return (
    <select aria-label="Batch file" value={source} onChange={(event) => onSource(event.currentTarget.value)}>
      {sources.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function SourceFacts({ summary }: { readonly summary: SourceSummary }) {
  return (
    <>
      {summary.isRehearsal ? <RehearsalBadge /> : null}
      <Files summary={summary} />
      <Progress summary={summary} />
    </>
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
