import { useEffect, useState } from "preact/hooks";
import type { RunActivity, SourceActivity } from "../wire/source-activity.js";
import type { SourceSummary } from "../wire/source-summary.js";
import { PartsTable } from "./parts-table.js";
import { RatePlot } from "./rate-plot.js";
import { countText, dollarText, durationText, rateText } from "./words.js";

interface ActivityPanelProps {
  readonly summary: SourceSummary;
  readonly activity: SourceActivity | undefined;
}

/** What goes on: the run that writes the results, and the job that fills them; also after they have ended. */
export function ActivityPanel({ summary, activity }: ActivityPanelProps) {
  if (activity === undefined) return null;
  const { run, parts, planned } = activity;
  return (
    <>
      {run === undefined ? null : <RunPanel run={run} summary={summary} />}
      {parts.length === 0 ? null : <JobPanel parts={parts} planned={planned} />}
    </>
  );
}

function RunPanel({ run, summary }: { readonly run: RunActivity; readonly summary: SourceSummary }) {
  const isUnderWay = run.state === "under way";
  const left = countLeft(run, summary);
  return (
    <section class="activity" aria-label="Run">
      <details open={isUnderWay}>
        <summary>
          <span role="status">{stateText(run)}</span>
        </summary>
        <ul class="measures">
          {listMeasures(run, left).map(([name, value]) => (
            <li key={name}>
              <b>{value}</b> {name}
            </li>
          ))}
        </ul>
        {run.pause === undefined ? null : <PauseLine pause={run.pause} />}
        <Troubles run={run} />
        {isUnderWay ? (
          <progress
            aria-label="Requests of this run that are settled"
            value={run.settled}
            max={Math.max(1, run.settled + left)}
          />
        ) : null}
        <div class="plots">
          <RatePlot name="results a second" values={run.stretches} of="requests" beneath="failed" />
          <RatePlot name="tokens a second" values={run.stretches} of="tokens" />
          <RatePlot name="with the server" values={run.stretches} of="underWay" />
        </div>
      </details>
    </section>
  );
}

/** What was not read yet may be settled; what a run was not to send is not. */
function countLeft({ settled, limit = Infinity }: RunActivity, { counts }: SourceSummary): number {
  return Math.max(0, Math.min((counts.pending ?? 0) + (counts.reading ?? 0), limit - settled));
}

function stateText({ state, cause, settled, startedAt, endedAt }: RunActivity): string {
  const what = `${countText(settled)} ${settled === 1 ? "request" : "requests"} settled`;
  if (state === "under way") return `Run under way: ${what}`;
  if (state === "killed") return `The last run was killed: ${what}`;
  const took =
    endedAt === undefined ? "" : ` in ${durationText(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const why = cause === undefined ? "" : ` (${cause})`;
  return `The last run has ended, ${state}${why}: ${what}${took}`;
}

function listMeasures(run: RunActivity, left: number): readonly (readonly [name: string, value: string])[] {
  const { rate, underWay, concurrency, oldestMs, retries, failed, cost, state } = run;
  const seconds = rate.requests > 0 ? left / rate.requests : undefined;
  const isUnderWay = state === "under way";
  return [
    ["results a second", rateText(rate.requests)],
    ["tokens a second", rateText(rate.tokens)],
    ...(underWay === undefined ? [] : [["with the server", withLimit(underWay, concurrency)] as const]),
    ...(oldestMs === undefined ? [] : [["since the oldest was sent", durationText(oldestMs)] as const]),
    ...(isUnderWay && seconds !== undefined
      ? [["left", `about ${durationText(seconds * 1000)}`] as const]
      : []),
    ["failed", countText(failed)],
    ...(retries === undefined ? [] : [["sent again", countText(retries)] as const]),
    ...(cost === undefined ? [] : [[costName(run), dollarText(cost)] as const]),
  ];
}

function withLimit(underWay: number, concurrency: number | undefined): string {
  return concurrency === undefined
    ? countText(underWay)
    : `${countText(underWay)} of ${countText(concurrency)} at once`;
}

function costName({ state, unpriced }: RunActivity): string {
  const name = state === "under way" ? "for tokens so far" : "for tokens";
  return unpriced === 0 ? name : `${name}, without ${countText(unpriced)} answers whose price is not known`;
}

/** Nothing is sent because the server asked for it. */
function PauseLine({ pause: { reason, until } }: { readonly pause: NonNullable<RunActivity["pause"]> }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const leftMs = Date.parse(until) - now;
  if (leftMs <= 0) return null;
  return (
    <p class="pause">
      The server asked to wait ({reason}): nothing is sent for {durationText(Math.ceil(leftMs / 1000) * 1000)}
      .
    </p>
  );
}

function Troubles({ run: { retriesBy, pausesBy } }: { readonly run: RunActivity }) {
  if (retriesBy.length === 0 && pausesBy.length === 0) return null;
  return (
    <ul class="measures" aria-label="What held it up">
      {retriesBy.map(({ reason, count }) => (
        <li key={reason}>
          <b>{countText(count)} ×</b> sent again: {reason}
        </li>
      ))}
      {pausesBy.map(({ reason, count }) => (
        <li key={reason}>
          <b>{durationText(count)}</b> of waiting: {reason}
        </li>
      ))}
    </ul>
  );
}

function JobPanel({ parts, planned }: Pick<SourceActivity, "parts" | "planned">) {
  const merged = parts.filter(({ state }) => state === "merged").length;
  return (
    <section class="activity" aria-label="Job">
      <details open={merged < parts.length}>
        <summary>
          <span role="status">
            Job: {countText(merged)} of {countText(parts.length)} {parts.length === 1 ? "part" : "parts"}{" "}
            collected
          </span>
        </summary>
        <CostLine parts={parts} planned={planned} />
        <PartsTable parts={parts} />
      </details>
    </section>
  );
}

/** What the job costs so far, beside what was foreseen. */
function CostLine({ parts, planned }: Pick<SourceActivity, "parts" | "planned">) {
  const costs = parts.flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
  if (costs.length === 0 && planned === undefined) return null;
  const spent = costs.reduce((sum, cost) => sum + cost, 0);
  const most = planned?.atMost;
  return (
    <>
      <ul class="measures">
        {costs.length === 0 ? null : (
          <li>
            <b>{dollarText(spent)}</b> for tokens of {countText(costs.length)}{" "}
            {costs.length === 1 ? "part" : "parts"}
          </li>
        )}
        {planned === undefined ? null : (
          <li>
            <b>{most === undefined ? dollarText(planned.input) : `at most ${dollarText(most)}`}</b> planned
            {most === undefined
              ? ", and the answers"
              : `, ${dollarText(planned.input)} of it for what is asked`}
          </li>
        )}
      </ul>
      {most === undefined || costs.length === 0 ? null : (
        <progress
          aria-label="Cost so far of what was planned at most"
          value={spent}
          max={Math.max(most, spent)}
        />
      )}
    </>
  );
}
