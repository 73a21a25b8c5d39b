import type { ServedBatch, ServedError } from "../../wire/service.js";
import { durationText } from "../words.js";
import { BatchActions } from "./batch-actions.js";
import { BatchBar } from "./batch-bar.js";
import { toBatchLink } from "./open-batch.js";
import type { ServiceData } from "./service-data.js";
import { At, Left } from "./time-words.js";

interface BatchPanelProps {
  readonly batch: ServedBatch;
  readonly service: ServiceData;
}

/** What a batch is, its life so far, and what can be done with it. */
export function BatchPanel({ batch, service }: BatchPanelProps) {
  const { id, owner, state, endpoint, model, errors, retryOf, retriedBy, wait, hidden } = batch;
  const facts = [id, ...(owner === "" ? [] : [`of ${owner}`]), endpoint, ...(model === null ? [] : [model])];
  return (
    <section class="activity batch" aria-label="Batch">
      <div class="batch-head">
        <span role="status" class={`badge in-${state}`}>
          {state}
        </span>
        <BatchBar batch={batch} />
        <p class="facts">{facts.join(" · ")}</p>
      </div>
      <Life batch={batch} />
      {wait === undefined ? null : (
        <p class="pause">
          It waits
          {wait.until === undefined ? null : (
            <>
              , and is tried again <Left until={wait.until} word="in" />
            </>
          )}
          : {wait.message}
        </p>
      )}
      {hidden === undefined ? null : <p class="pause">{hidden}</p>}
      <BatchActions {...{ batch, service }} />
      {retryOf === undefined ? null : (
        <p>
          It sends again what failed in <a href={toBatchLink(retryOf)}>{retryOf.slice(0, 100)}</a>.
        </p>
      )}
      {retriedBy === undefined ? null : (
        <p>
          What failed is sent again in <a href={toBatchLink(retriedBy)}>{retriedBy}</a>.
        </p>
      )}
      <Errors errors={errors} />
    </section>
  );
}

/** When it came into each state, and how long it took until then. */
function Life({ batch: { stamps, expiresAt, isAtEnd } }: { readonly batch: ServedBatch }) {
  const from = stamps[0]?.at ?? expiresAt;
  const until = stamps.at(-1)?.at ?? expiresAt;
  return (
    <ol class="life" aria-label="Life of the batch">
      {stamps.map(({ state, at }, index) => {
        const before = stamps[index - 1]?.at;
        const tookMs = before === undefined ? 0 : Date.parse(at) - Date.parse(before);
        return (
          <li key={state}>
            {state} <At {...{ at, from, until }} />
            {tookMs < 1000 ? null : <small> after {durationText(tookMs)}</small>}
          </li>
        );
      })}
      {isAtEnd ? null : (
        <li class="to-come">
          out of time <Left until={expiresAt} word="in" />
        </li>
      )}
    </ol>
  );
}

function Errors({ errors }: { readonly errors: readonly ServedError[] }) {
  if (errors.length === 0) return null;
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Why it failed">
      <table>
        <thead>
          <tr>
            {["Line", "Code", "Where", "What is wrong"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {errors.map(({ line, code, param, message }, index) => (
            <tr key={index}>
              <td>{line ?? "–"}</td>
              <td>{code}</td>
              <td>{param ?? "–"}</td>
              <td>{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
