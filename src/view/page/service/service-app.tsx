import { useEffect, useState } from "preact/hooks";
import { firstSource } from "../address.js";
import { App } from "../app.js";
import type { PageData } from "../data.js";
import { PageHead, RehearsalBadge, TroubleLine } from "../page-head.js";
import { useEvents } from "../use-events.js";
import { useAddress, useAsked } from "../use-page.js";
import { countText } from "../words.js";
import { BatchList } from "./batch-list.js";
import { BatchPanel } from "./batch-panel.js";
import { Machines, machinesSource } from "./machines.js";
import type { ServiceData } from "./service-data.js";
import { UploadPanel } from "./upload-panel.js";

interface ServiceAppProps {
  readonly data: PageData;
  readonly service: ServiceData;
}

const command = "openbatch serve";
/** How long what was told is good where nothing says that it has changed, in milliseconds. */
const goodMs = 5000;
const shownAtOnce = 100;

/** Batches and files of a server, or one of its batches. */
export function ServiceApp({ data, service }: ServiceAppProps) {
  const [{ source }] = useAddress();
  if (source === machinesSource) return <Machines {...{ service, command }} />;
  return source === firstSource ? (
    <Everything {...{ data, service }} />
  ) : (
    <OneBatch key={source} {...{ data, service }} id={source} />
  );
}

function Everything({ data, service }: ServiceAppProps) {
  const [most, setMost] = useState(shownAtOnce);
  const version = `${useEvents(data, undefined).service?.changes} ${most}`;
  const ask = () => service.state(most);
  const { value: state, trouble } = useAsked(ask, { key: "all", version, pauseMs: () => goodMs });
  return (
    <>
      <PageHead name="batches">
        {state?.isRehearsal ? <RehearsalBadge /> : null}
        {state?.workers === undefined ? null : <MachinesLink workers={state.workers} />}
      </PageHead>
      <TroubleLine {...{ trouble, command }} />
      {state === undefined ? null : (
        <main class="service">
          <UploadPanel service={service} />
          <BatchList state={state} onMore={() => setMost(most + shownAtOnce)} />
        </main>
      )}
    </>
  );
}

function MachinesLink({ workers }: { readonly workers: number }) {
  const name = workers === 0 ? "no worker" : `${countText(workers)} ${workers === 1 ? "worker" : "workers"}`;
  return (
    <a class={workers === 0 ? "lacking" : ""} href={`#source=${machinesSource}`}>
      Machines: {name}
    </a>
  );
}

function OneBatch({ data, service, id }: ServiceAppProps & { readonly id: string }) {
  const [hasRows, setRows] = useState(false);
  const events = useEvents(data, hasRows ? id : undefined);
  const version = `${events.service?.changes}`;
  const ask = () => service.batch(id);
  const { value: batch, trouble } = useAsked(ask, { key: id, version, pauseMs: () => goodMs });
  useEffect(() => setRows(batch?.hasRows === true), [batch?.hasRows]);
  const trail = <a href="#all">All batches</a>;
  const panel = batch ? <BatchPanel {...{ batch, service }} /> : null;
  if (batch?.hasRows) return <App {...{ data, events, trail, panel, command }} />;
  return (
    <>
      <PageHead name={batch?.name ?? id} trail={trail}>
        {batch?.isRehearsal ? <RehearsalBadge /> : null}
      </PageHead>
      <TroubleLine {...{ trouble, command }} />
      <main class="service">
        {batch === null ? <p>There is no batch {id} here.</p> : null}
        {panel}
      </main>
    </>
  );
}
