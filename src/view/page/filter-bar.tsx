import { useEffect, useState } from "preact/hooks";
import { noFilter } from "./address.js";
import type { FilterProps } from "./tiles.js";
import type { KnownRows } from "./use-page.js";
import { countText, outcomeWords } from "./words.js";

const typingMs = 250;

interface FilterBarProps extends Omit<FilterProps, "onChange"> {
  readonly rows: KnownRows;
  /** How many rows there are in a report. */
  readonly sampled: number | undefined;
  readonly onChange: (change: Partial<FilterProps["address"]>, isStep?: boolean) => void;
}

/** What is searched for, what is filtered by, how many rows that lets through, and which columns they have. */
export function FilterBar({ summary, address, rows, sampled, onChange }: FilterBarProps) {
  const total = sampled ?? summary.total;
  const isFiltered =
    address.outcomes.length + address.values.length > 0 ||
    address.cause !== undefined ||
    address.text !== "" ||
    address.onlyDifferent;
  return (
    <div class="filter-bar">
      <SearchField text={address.text} onChange={(text) => onChange({ text }, false)} />
      <output aria-live="polite">
        {isFiltered
          ? `${countText(rows.total)}${rows.isComplete ? "" : " so far"} of ${countText(total)}`
          : `${countText(total)} ${total === 1 ? "request" : "requests"}`}
      </output>
      {isFiltered ? <Chips {...{ summary, address, onChange }} /> : null}
      {sampled === undefined ? (
        <ColumnsMenu {...{ summary, address, onChange }} shown={rows.columns} />
      ) : null}
    </div>
  );
}

function SearchField({
  text,
  onChange,
}: {
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => onChange(typed), typingMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      id="search"
      type="search"
      placeholder="Search requests and answers  /"
      aria-label="Search requests and answers"
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

function Chips({ summary, address, onChange }: FilterProps) {
  const { outcomes, cause, values } = address;
  const code = summary.causes.find(({ number }) => number === cause)?.code;
  return (
    <span class="chips">
      {outcomes.map((outcome) => (
        <Chip
          key={outcome}
          onRemove={() => onChange({ outcomes: outcomes.filter((other) => other !== outcome) })}
        >
          {outcomeWords[outcome] ?? outcome}
        </Chip>
      ))}
      {cause === undefined ? null : (
        <Chip onRemove={() => onChange({ cause: undefined })}>{code ?? `cause ${cause}`}</Chip>
      )}
      {values.map((value) => (
        <Chip key={value} onRemove={() => onChange({ values: values.filter((other) => other !== value) })}>
          {value.replace(/^parsed\./, "")}
        </Chip>
      ))}
      {address.onlyDifferent ? <Chip onRemove={() => onChange({ onlyDifferent: false })}>differ</Chip> : null}
      <button type="button" class="plain" onClick={() => onChange(noFilter)}>
        Show all
      </button>
    </span>
  );
}

function Chip({ children, onRemove }: { readonly children: string; readonly onRemove: () => void }) {
  return (
    <button type="button" class="chip" aria-label={`Remove the filter ${children}`} onClick={onRemove}>
      {children} <span aria-hidden="true">×</span>
    </button>
  );
}

interface ColumnsMenuProps extends FilterProps {
  /** Those of the rows, where none are chosen. */
  readonly shown: readonly string[];
}

function ColumnsMenu({ summary, address, shown, onChange }: ColumnsMenuProps) {
  const chosen = address.columns.length > 0 ? address.columns : shown;
  const all = [...new Set([...summary.columns, ...chosen])];
  const toggle = (name: string): void => {
    const next = chosen.includes(name)
      ? chosen.filter((other) => other !== name)
      : all.filter((other) => other === name || chosen.includes(other));
    onChange({ columns: next });
  };
  return (
    <details class="columns">
      <summary>Columns</summary>
      <fieldset>
        <legend>Columns</legend>
        {all.map((name) => (
          <label key={name}>
            <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} /> {name}
          </label>
        ))}
        <button type="button" class="plain" onClick={() => onChange({ columns: [] })}>
          As at first
        </button>
      </fieldset>
    </details>
  );
}
