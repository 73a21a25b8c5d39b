import type { ServedLimit, ServedQueue, ServedUpstream, ServedWorker } from "../../wire/service.js";
import { PageHead, TroubleLine } from "../page-head.js";
import { useAsked } from "../use-page.js";
import { countText, durationText, rateText } from "../words.js";
import type { ServiceData } from "./service-data.js";
import { TableHeads } from "./table-heads.js";
import { Ago } from "./time-words.js";

interface MachinesProps {
  readonly service: ServiceData;
  readonly command: string;
}

/** The name of this view in an address, where batches have their ids. */
export const machinesSource = "machines";

/** Workers tell of themselves every few seconds. In milliseconds. */
const goodMs = 2000;
/** One that is silent for longer, in seconds, is not as it should be. */
const silentSeconds = 10;

/** Who executes the batches: workers, the servers that they send to, and their limits. */
export function Machines({ service, command }: MachinesProps) {
  const asked = { key: machinesSource, version: "", pauseMs: () => goodMs };
  const { value: machines, trouble } = useAsked(() => service.machines(), asked);
  return (
    <>
      <PageHead name="machines" trail={<a href="#all">All batches</a>} />
      <TroubleLine {...{ trouble, command }} />
      {machines === undefined ? null : (
        <main class="service">
          <Queue queue={machines.queue} />
          <Servers servers={machines.servers} />
          <Workers workers={machines.workers} />
          {machines.limits.length === 0 ? null : <Limits limits={machines.limits} />}
        </main>
      )}
    </>
  );
}

function Queue({
  queue: { requests, rangesWaiting, rangesUnderWay, batches, unserved },
}: {
  readonly queue: ServedQueue;
}) {
  const measures = [
    [requests, requests === 1 ? "request without a result" : "requests without a result"],
    [rangesUnderWay, rangesUnderWay === 1 ? "range under way" : "ranges under way"],
    [rangesWaiting, rangesWaiting === 1 ? "range waiting" : "ranges waiting"],
    ...Object.entries(batches).map(
      ([state, count]) => [count, `${count === 1 ? "batch" : "batches"} ${state}`] as const,
    ),
  ] as const;
  return (
    <section aria-label="What is not done">
      <h2>What is not done</h2>
      <p class="measures">
        {measures.map(([count, name]) => (
          <span key={name}>
            <b>{countText(count)}</b> {name}
          </span>
        ))}
      </p>
      {unserved.map(({ model, batches: waiting }) => (
        <p class="facts" key={model}>
          {countText(waiting)} {waiting === 1 ? "batch waits" : "batches wait"} for the model {model}, which
          no worker has.
        </p>
      ))}
    </section>
  );
}

function Servers({ servers }: { readonly servers: readonly string[] }) {
  return (
    <section aria-label="Servers">
      <h2>
        {countText(servers.length)} {servers.length === 1 ? "server" : "servers"}
      </h2>
      <p class="facts">{servers.join(" · ")}</p>
    </section>
  );
}

function Workers({ workers }: { readonly workers: readonly ServedWorker[] }) {
  return (
    <section aria-label="Workers">
      <h2>
        {countText(workers.length)} {workers.length === 1 ? "worker" : "workers"}
      </h2>
      {workers.length === 0 ? (
        <p class="facts">There is none: batches wait until openbatch worker is started.</p>
      ) : (
        <div class="wide" tabIndex={0} role="region" aria-label="List of workers">
          <table>
            <TableHeads names={["Worker", "Done", "A second", "Server", "Models", "With it now", "Ranges"]} />
            {workers.map((worker) => (
              <Worker key={worker.id} worker={worker} />
            ))}
          </table>
        </div>
      )}
    </section>
  );
}

/** A row for each of its servers; what is the worker's own stands in the first. */
function Worker({ worker }: { readonly worker: ServedWorker }) {
  const { name, startedAt, completed, failed, pace, upstreams } = worker;
  const [first, ...others] = upstreams;
  const rowSpan = Math.max(1, upstreams.length);
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" class="name" rowSpan={rowSpan}>
          {name}
          <small>
            started <Ago at={startedAt} />
            {worker.silentSeconds > silentSeconds ? `, silent for ${worker.silentSeconds} s` : ""}
          </small>
        </th>
        <td class="size" rowSpan={rowSpan}>
          {countText(completed)}
          {failed === 0 ? null : <small>{countText(failed)} failed</small>}
        </td>
        <td class="size" rowSpan={rowSpan}>
          {rateText(pace)}
        </td>
        {first === undefined ? null : <UpstreamCells upstream={first} />}
      </tr>
      {others.map((upstream, index) => (
        <tr key={index}>
          <UpstreamCells upstream={upstream} />
        </tr>
      ))}
    </tbody>
  );
}

function UpstreamCells({ upstream }: { readonly upstream: ServedUpstream }) {
  const { models, inFlight, concurrency, ranges, wait } = upstream;
  return (
    <>
      <td class="name">
        <Target {...upstream} />
        {wait === undefined ? null : (
          <small>
            <Waits ms={wait.ms} /> {wait.cause}
          </small>
        )}
      </td>
      <td>{models === null ? "any" : models.join(", ")}</td>
      <td class="size">
        {countText(inFlight)} of {countText(concurrency)}
      </td>
      <td>{countText(ranges)}</td>
    </>
  );
}

function Limits({ limits }: { readonly limits: readonly ServedLimit[] }) {
  return (
    <section aria-label="Limits">
      <h2>Limits of workers together</h2>
      <div class="wide" tabIndex={0} role="region" aria-label="List of limits">
        <table>
          <TableHeads names={["Server", "Workers", "Requests a minute", "Tokens a minute", "Now"]} />
          <tbody>
            {limits.map((limit, index) => (
              <tr key={index}>
                <th scope="row" class="name">
                  <Target {...limit} />
                </th>
                <td>{countText(limit.workers)}</td>
                <td>{limit.requestsPerMinute === null ? "–" : countText(limit.requestsPerMinute)}</td>
                <td>{limit.tokensPerMinute === null ? "–" : countText(limit.tokensPerMinute)}</td>
                <td>
                  <Standing limit={limit} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Standing({ limit }: { readonly limit: ServedLimit }) {
  const { requestsPerMinute, tokensPerMinute, requestsLeft, tokensLeft, pausedMs } = limit;
  if (pausedMs > 0) return <Waits ms={pausedMs} />;
  const used = [
    ...(requestsPerMinute !== null && requestsLeft < 1 ? ["requests"] : []),
    ...(tokensPerMinute !== null && tokensLeft < 1 ? ["tokens"] : []),
  ];
  if (used.length === 0) return <>has room</>;
  return <span class="badge is-warning">{used.join(" and ")} used up</span>;
}

function Target({ target, keyName }: Pick<ServedLimit, "target" | "keyName">) {
  return (
    <>
      {target}
      {keyName === null ? null : <small>with {keyName}</small>}
    </>
  );
}

function Waits({ ms }: { readonly ms: number }) {
  return <span class="badge is-warning">waits {durationText(Math.max(1000, ms))}</span>;
}
