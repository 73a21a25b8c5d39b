import type { PartActivity } from "../wire/source-activity.js";
import { countText, durationText } from "./words.js";

interface Span {
  readonly from: number;
  readonly until: number;
}

/** The parts of a job: where each stands, and when it was at the service. */
export function PartsTable({ parts }: { readonly parts: readonly PartActivity[] }) {
  const span = toSpan(parts);
  return (
    <div class="parts" tabIndex={0} role="region" aria-label="Parts of the job">
      <table>
        <thead>
          <tr>
            {["Part", "Round", "State", "Done", "Failed", "At the service"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <Part key={part.number} part={part} span={span} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Part({ part, span }: { readonly part: PartActivity; readonly span: Span }) {
  const { number, round, state, word, batch, model, requests, done, failed } = part;
  return (
    <tr>
      <th scope="row" title={[batch, model].filter(Boolean).join(", ")}>
        {number}
      </th>
      <td>{round}</td>
      <td>
        {state}
        {word === undefined ? "" : ` (${word})`}
      </td>
      <td>
        {countText(done)} of {countText(requests)}
      </td>
      <td>{countText(failed)}</td>
      <td>
        <Time part={part} span={span} />
      </td>
    </tr>
  );
}

/** When a part was at the service, within the time of the whole job. */
function Time({ part, span: { from, until } }: { readonly part: PartActivity; readonly span: Span }) {
  const { submittedAt, endedAt, state } = part;
  if (submittedAt === undefined) return <>not yet</>;
  const start = Date.parse(submittedAt);
  const end = endedAt === undefined ? until : Date.parse(endedAt);
  const toX = (time: number): number => (100 * (time - from)) / Math.max(1, until - from);
  const took = durationText(end - start);
  return (
    <>
      <svg class="time" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none">
        <rect class={state} x={toX(start)} width={Math.max(1, toX(end) - toX(start))} height={8} />
      </svg>
      <span title={new Date(start).toLocaleString()}>{endedAt === undefined ? `for ${took}` : took}</span>
    </>
  );
}

function toSpan(parts: readonly PartActivity[]): Span {
  const starts = parts.flatMap(({ submittedAt }) =>
    submittedAt === undefined ? [] : [Date.parse(submittedAt)],
  );
  const ends = parts.map(({ endedAt }) => (endedAt === undefined ? Date.now() : Date.parse(endedAt)));
  return { from: Math.min(...starts, Date.now()), until: Math.max(...ends) };
}
