import type { RowOutcome } from "../wire/row-outcome.js";
import type { SourceSummary } from "../wire/source-summary.js";
import type { Address } from "./address.js";
import { countText, outcomeWords, shareText } from "./words.js";

export interface FilterProps {
  readonly summary: SourceSummary;
  readonly address: Address;
  readonly onChange: (change: Partial<Address>) => void;
}

const always: readonly RowOutcome[] = ["usable", "problem", "failed", "missing"];
const atTimes: readonly RowOutcome[] = ["expired", "cancelled", "unreadable", "pending", "reading"];

/** What became of the requests, in numbers: each a filter. */
export function Tiles({ summary, address, onChange }: FilterProps) {
  const { counts, total, comparison } = summary;
  const shown = [...always, ...atTimes.filter((outcome) => (counts[outcome] ?? 0) > 0)];
  const toggle = (outcome: RowOutcome): void => {
    const isOn = address.outcomes.includes(outcome);
    const others = address.outcomes.filter((other) => other !== outcome);
    onChange({ outcomes: isOn ? others : [...others, outcome] });
  };
  return (
    <section class="tiles" aria-label="What became of the requests">
      <button
        type="button"
        class="tile all"
        aria-pressed={address.outcomes.length === 0 && !address.onlyDifferent}
        onClick={() => onChange({ outcomes: [], onlyDifferent: false })}
      >
        <b>{countText(total)}</b>
        <span>requests</span>
      </button>
      {shown.map((outcome) => (
        <button
          key={outcome}
          type="button"
          class={`tile ${outcome}`}
          disabled={outcome === "reading"}
          aria-pressed={address.outcomes.includes(outcome)}
          onClick={() => toggle(outcome)}
        >
          <b>{countText(counts[outcome] ?? 0)}</b>
          <span>{outcomeWords[outcome]}</span>
          <i>{shareText(counts[outcome] ?? 0, total)}</i>
        </button>
      ))}
      {comparison === undefined ? null : (
        <button
          type="button"
          class="tile differ"
          aria-pressed={address.onlyDifferent}
          onClick={() => onChange({ onlyDifferent: !address.onlyDifferent })}
        >
          <b>{countText(comparison.different)}</b>
          <span>differ</span>
          <i>{shareText(comparison.different, comparison.compared)}</i>
        </button>
      )}
    </section>
  );
}
