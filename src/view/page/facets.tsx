import type { CauseCount, FieldCount, FieldSpread } from "../wire/source-summary.js";
import type { FilterProps } from "./tiles.js";
import { countText, numberText, secondsText, shareText } from "./words.js";

const listed = 8;

/** Why answers cannot be used, and what those say that can: what there is of each, to filter by. */
export function Facets({ summary, address, onChange }: FilterProps) {
  const { causes, fields, spreads, times, comparison } = summary;
  return (
    // It is scrolled by keys where nothing in it can be pressed.
    <section class="facets" aria-label="Filters" tabIndex={0}>
      {causes.length === 0 ? null : <h2>Causes</h2>}
      <Causes causes={causes} chosen={address.cause} onChoose={(cause) => onChange({ cause })} />
      {comparison === undefined ? null : <h2>Agreement</h2>}
      {comparison?.fields.map(({ path, compared, agreed }) => (
        <div key={path} class="field agreement">
          <h3>{path.replace(/^parsed\./, "")}</h3>
          <p>
            {shareText(agreed, compared)} of {countText(compared)}
          </p>
          <Bar part={agreed} whole={Math.max(1, compared)} />
        </div>
      ))}
      {fields.length === 0 ? null : <h2>Answers</h2>}
      {fields.map((field) => (
        <Field
          key={field.path}
          field={field}
          chosen={address.values}
          onChoose={(values) => onChange({ values })}
        />
      ))}
      {spreads.length === 0 ? null : <h2>Size and time</h2>}
      {times === undefined ? null : (
        <div class="field">
          <h3>time of a request</h3>
          <p>
            p50 {secondsText(times.p50)}, p95 {secondsText(times.p95)}, p99 {secondsText(times.p99)}
          </p>
        </div>
      )}
      {spreads.map(({ name, spread }) => (
        <div key={name} class="field">
          <h3>{name}</h3>
          <Spread spread={spread} />
          <Bars ranges={spread.ranges} />
        </div>
      ))}
    </section>
  );
}

interface CausesProps {
  readonly causes: readonly CauseCount[];
  readonly chosen: number | undefined;
  readonly onChoose: (cause: number | undefined) => void;
}

function Causes({ causes, chosen, onChoose }: CausesProps) {
  const most = causes[0]?.count ?? 1;
  const shown = causes.slice(0, 50).map((cause) => ({ ...cause, note: noteOf(cause, causes) }));
  return (
    <ul class="counts">
      {shown.map(({ number, code, statusCode, message, count, hint, note }) => (
        <li key={number}>
          <button
            type="button"
            aria-pressed={chosen === number}
            title={`${message}\n${hint}`}
            onClick={() => onChoose(chosen === number ? undefined : number)}
          >
            <span>
              {statusCode === undefined ? "" : `${statusCode} `}
              {code}
              {note === undefined ? null : <small>{note}</small>}
            </span>
            <b>{countText(count)}</b>
            <Bar part={count} whole={most} />
          </button>
        </li>
      ))}
      {causes.length > shown.length ? <li>{countText(causes.length - shown.length)} causes more</li> : null}
    </ul>
  );
}

const mostOfMessage = 100;

/** What tells a cause from others of its name: the rule that is broken, or else what the service says. */
function noteOf({ number, code, statusCode, rule, message }: CauseCount, causes: readonly CauseCount[]) {
  const isNamesake = (other: CauseCount): boolean => other.code === code && other.statusCode === statusCode;
  if (rule !== undefined || !causes.some((other) => other.number !== number && isNamesake(other)))
    return rule;
  return message.length > mostOfMessage ? `${message.slice(0, mostOfMessage)}…` : message;
}

interface FieldProps {
  readonly field: FieldCount;
  readonly chosen: readonly string[];
  readonly onChoose: (values: readonly string[]) => void;
}

function Field({ field, chosen, onChoose }: FieldProps) {
  const { path, values, count, nulls, isFilter, numbers, lengths, distinct, hasMore } = field;
  const most = values[0]?.count ?? 1;
  const toggle = (filter: string): void => {
    // A row has one value at a place: another one takes its place.
    const others = chosen.filter((other) => !other.startsWith(`${path}=`));
    onChoose(chosen.includes(filter) ? others : [...others, filter]);
  };
  return (
    <div class="field">
      <h3>{path.replace(/^parsed\./, "")}</h3>
      {values.length > 0 ? (
        <ul class="counts">
          {values.slice(0, listed).map(({ value, count: times }) => {
            const filter = `${path}=${value}`;
            return (
              <li key={value}>
                <button
                  type="button"
                  disabled={!isFilter}
                  aria-pressed={chosen.includes(filter)}
                  onClick={() => toggle(filter)}
                >
                  <span>{toWords(value)}</span>
                  <b>{countText(times)}</b>
                  <Bar part={times} whole={most} />
                </button>
              </li>
            );
          })}
        </ul>
      ) : null}
      {values.length > listed ? <p>{countText(distinct - listed)} values more</p> : null}
      {values.length === 0 && numbers !== undefined ? <Spread spread={numbers} /> : null}
      {values.length === 0 && numbers !== undefined ? <Bars ranges={numbers.ranges} /> : null}
      {values.length === 0 && lengths !== undefined ? (
        <p>
          {hasMore || distinct === count ? "" : `${countText(distinct)} different texts, `}
          {numberText(lengths.least)} to {numberText(lengths.most)} characters, half up to{" "}
          {numberText(lengths.p50)}
        </p>
      ) : null}
      {nulls > 0 ? <p>{countText(nulls)} null</p> : null}
    </div>
  );
}

function Spread({ spread: { least, most, mean, p50, p95 } }: { readonly spread: FieldSpread }) {
  return (
    <p>
      {numberText(least)} to {numberText(most)}, mean {numberText(mean)}, p50 {numberText(p50)}, p95{" "}
      {numberText(p95)}
    </p>
  );
}

interface Range {
  readonly from: number;
  readonly below: number;
  readonly count: number;
}

/** How many numbers are in each range, as columns. */
function Bars({ ranges }: { readonly ranges: readonly Range[] }) {
  const most = Math.max(1, ...ranges.map(({ count }) => count));
  if (ranges.length < 2) return null;
  const words = ranges.map(
    ({ from, below, count }) => `${numberText(from)} to ${numberText(below)}: ${countText(count)}`,
  );
  return (
    <svg
      class="bars"
      role="img"
      aria-label={words.join("; ")}
      viewBox={`0 0 ${ranges.length * 10} 40`}
      preserveAspectRatio="none"
    >
      {ranges.map(({ from, count }, index) => {
        const height = Math.max(count === 0 ? 0 : 1, (38 * count) / most);
        return (
          <rect key={from} x={index * 10 + 0.5} width={9} y={40 - height} height={height}>
            <title>{words[index]}</title>
          </rect>
        );
      })}
    </svg>
  );
}

/** Styles are not written into the page, which its policy forbids. */
function Bar({ part, whole }: { readonly part: number; readonly whole: number }) {
  return (
    <svg class="bar" aria-hidden="true" viewBox="0 0 100 2" preserveAspectRatio="none">
      <rect width={Math.max(part === 0 ? 0 : 0.5, (100 * part) / whole)} height={2} />
    </svg>
  );
}

/** A text without its quotation marks; an empty one, which cannot be seen, is named. */
function toWords(value: string): string {
  const parsed: unknown = JSON.parse(value);
  if (parsed === "") return "(empty)";
  return typeof parsed === "string" ? parsed : value;
}
