import type { PartActivity, RunActivity, SourceActivity } from "../wire/source-activity.js";
import type { SourceSummary } from "../wire/source-summary.js";
import { PartsTable } from "./parts-table.js";
import { RatePlot } from "./rate-plot.js";
import { countText, durationText, rateText } from "./words.js";

interface ActivityPanelProps {
  readonly summary: SourceSummary;
  readonly activity: SourceActivity | undefined;
}

/** What goes on: the run that writes the results, and the job that fills them; also after they have ended. */
export function ActivityPanel({ summary, activity }: ActivityPanelProps) {
  if (activity === undefined) return null;
  const { run, parts } = activity;
  return (
    <>
      {run === undefined ? null : <RunPanel run={run} summary={summary} />}
      {parts.length === 0 ? null : <JobPanel parts={parts} />}
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
  const { rate, underWay, retries, failed, state } = run;
  const seconds = rate.requests > 0 ? left / rate.requests : undefined;
  const isUnderWay = state === "under way";
  return [
    ["results a second", rateText(rate.requests)],
    ["tokens a second", rateText(rate.tokens)],
    ...(underWay === undefined ? [] : [["with the server", countText(underWay)] as const]),
    ...(isUnderWay && seconds !== undefined
      ? [["left", `about ${durationText(seconds * 1000)}`] as const]
      : []),
    ["failed", countText(failed)],
    ["sent again", countText(retries)],
  ];
}

function JobPanel({ parts }: { readonly parts: readonly PartActivity[] }) {
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
        <PartsTable parts={parts} />
      </details>
    </section>
  );
}
