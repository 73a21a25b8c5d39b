import { useEffect, useState } from "preact/hooks";
import type { SourceEvent } from "../wire/source-activity.js";
import type { FollowedEvents, PageData } from "./data.js";

const restMs = 1000;

/** What goes on with a source, as it was told last. One stream tells it of all sources; one that breaks off is asked for again. */
export function useEvents(data: PageData, source: string): SourceEvent | undefined {
  const [events, setEvents] = useState<Readonly<Record<string, SourceEvent>>>({});
  useEffect(() => {
    const stop = new AbortController();
    const take = (event: SourceEvent): void => setEvents((known) => ({ ...known, [event.source]: event }));
    void followOn(data, { lastId: undefined, take }, stop.signal);
    return () => stop.abort();
  }, [data]);
  return events[source];
}

async function followOn({ follow }: PageData, known: FollowedEvents, signal: AbortSignal): Promise<void> {
  while (follow !== undefined && !signal.aborted) {
    // That the server is gone is said by whoever asks it for rows.
    await follow(known, signal).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}
