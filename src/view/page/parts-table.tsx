import { Fragment } from "preact";
import type { PartActivity } from "../wire/source-activity.js";
import { clockText, countText, dollarText, durationText } from "./words.js";

interface Span {
  readonly from: number;
  readonly until: number;
}

/** The parts of a job, round by round: where each stands, and when it was at the service, on one line of time. */
export function PartsTable({ parts }: { readonly parts: readonly PartActivity[] }) {
  const span = toSpan(parts);
  const rounds = [...new Set(parts.map(({ round }) => round))].sort((one, another) => one - another);
  return (
    <div class="parts" tabIndex={0} role="region" aria-label="Parts of the job">
      <table>
        <thead>
          <tr>
            {["Part", "State", "Done", "Failed", "Cost"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th class="times" scope="col">
              <div class="stretch">
                <span class="when">At the service</span>
                <span class="axis" aria-hidden="true">
                  {toTicks(span).map((tick, index) => (
                    <span key={index}>{tick}</span>
                  ))}
                </span>
              </div>
            </th>
          </tr>
        </thead>
        <tbody>
          {rounds.map((round) => (
            <Fragment key={round}>
              <tr>
                <th class="round" scope="rowgroup" colSpan={6}>
                  {round === 1 ? "Round 1" : `Round ${round}: what was worth sending again`}
                </th>
              </tr>
              {parts
                .filter((part) => part.round === round)
                .map((part) => (
                  <Part key={part.number} part={part} span={span} />
                ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Part({ part, span }: { readonly part: PartActivity; readonly span: Span }) {
  const { number, state, word, batch, model, requests, done, failed, cost } = part;
  return (
    <tr>
      <th scope="row" title={[batch, model].filter(Boolean).join(", ")}>
        {number}
      </th>
      <td>
        {state}
        {word === undefined ? "" : ` (${word})`}
      </td>
      <td>
        {countText(done)} of {countText(requests)}
      </td>
      <td>{countText(failed)}</td>
      <td>{cost === undefined ? "" : dollarText(cost)}</td>
      <td class="times">
        <Time part={part} span={span} />
      </td>
    </tr>
  );
}

/** When a part was at the service, within the time of the whole job. */
function Time({ part, span }: { readonly part: PartActivity; readonly span: Span }) {
  const { submittedAt, endedAt, state } = part;
  if (submittedAt === undefined) return <>not yet</>;
  const start = Date.parse(submittedAt);
  const end = endedAt === undefined ? span.until : Date.parse(endedAt);
  const toX = (time: number): number => (100 * (time - span.from)) / Math.max(1, span.until - span.from);
  const width = Math.max(0.5, toX(end) - toX(start));
  const took = durationText(end - start);
  const from = clockText(start, span);
  return (
    <div class="stretch">
      <span class="when">
        {endedAt === undefined ? `since ${from}, for ${took}` : `${from} to ${clockText(end, span)}, ${took}`}
      </span>
      <svg class="time" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none">
        <rect class={state} x={Math.min(toX(start), 100 - width)} width={width} height={8} />
      </svg>
    </div>
  );
}

/** Where the line of time begins, its middle, and where it ends. */
function toTicks(span: Span): readonly string[] {
  return [span.from, (span.from + span.until) / 2, span.until].map((time) => clockText(time, span));
}

function toSpan(parts: readonly PartActivity[]): Span {
  const starts = parts.flatMap(({ submittedAt }) =>
    submittedAt === undefined ? [] : [Date.parse(submittedAt)],
  );
  const ends = parts.map(({ endedAt }) => (endedAt === undefined ? Date.now() : Date.parse(endedAt)));
  return { from: Math.min(...starts, Date.now()), until: Math.max(...ends) };
}
