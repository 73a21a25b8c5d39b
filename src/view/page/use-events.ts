import { useEffect, useState } from "preact/hooks";
import type { ServiceEvent } from "../wire/service.js";
import type { SourceEvent } from "../wire/source-activity.js";
import type { FollowedEvents, PageData } from "./data.js";

const restMs = 1000;

/** What was told last of each source, and of batches and files. */
export interface LatestEvents {
  readonly of: (source: string) => SourceEvent | undefined;
  readonly service: ServiceEvent | undefined;
}

type Known = Readonly<Record<string, SourceEvent | ServiceEvent>>;

/**
 * What goes on, as it was told last. One stream tells it; one that breaks off is asked for again.
 * @param source the one source that is of interest, where the server has very many.
 */
export function useEvents(data: PageData, source: string | undefined): LatestEvents {
  const [events, setEvents] = useState<Known>({});
  useEffect(() => {
    const stop = new AbortController();
    const take: FollowedEvents["take"] = (event) =>
      setEvents((known) => ({ ...known, [event.source]: event }));
    void followOn(data, { source, known: { lastId: undefined, take } }, stop.signal);
    return () => stop.abort();
  }, [data, source]);
  return {
    of: (wanted) => {
      const event = events[wanted];
      return event !== undefined && "readings" in event ? event : undefined;
    },
    service: toServiceEvent(events.service),
  };
}

function toServiceEvent(event: SourceEvent | ServiceEvent | undefined): ServiceEvent | undefined {
  return event !== undefined && "changes" in event ? event : undefined;
}

interface Followed {
  readonly source: string | undefined;
  readonly known: FollowedEvents;
}

async function followOn(
  { follow }: PageData,
  { source, known }: Followed,
  signal: AbortSignal,
): Promise<void> {
  while (follow !== undefined && !signal.aborted) {
    // That the server is gone is said by whoever asks it for rows.
    await follow(known, source, signal).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}
