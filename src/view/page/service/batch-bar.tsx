import type { ServedBatch } from "../../wire/service.js";
import { countText } from "../words.js";

/** How far a batch is. */
export function BatchBar({ batch: { total, completed, failed } }: { readonly batch: ServedBatch }) {
  const toWidth = (count: number): number => (total === 0 ? 0 : (100 * count) / total);
  return (
    <div class="batch-bar">
      <svg aria-hidden="true" viewBox="0 0 100 6" preserveAspectRatio="none">
        <rect class="usable" width={toWidth(completed)} height={6} />
        <rect class="failed" x={toWidth(completed)} width={toWidth(failed)} height={6} />
      </svg>
      <span>
        {countText(completed + failed)} of {countText(total)}
        {failed === 0 ? "" : `, ${countText(failed)} failed`}
      </span>
    </div>
  );
}
