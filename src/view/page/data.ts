import type { RowDetail } from "../wire/row-detail.js";
import type { RowPage } from "../wire/row-page.js";
import type { ServiceEvent } from "../wire/service.js";
import type { SourceEvent } from "../wire/source-activity.js";
import type { SourceSummary } from "../wire/source-summary.js";
import { type Address, listFilter } from "./address.js";
import { type Ask, readJson } from "./ask.js";
import { readEvents } from "./read-events.js";

/** An image of an answer, or of that of the other results. */
export interface ImagePlace {
  readonly row: number;
  readonly index: number;
  readonly of: "result" | "other";
}

/** Where the page has from what it shows. */
export interface PageData {
  readonly sources: () => Promise<readonly SourceSummary[]>;
  readonly summary: (source: string) => Promise<SourceSummary>;
  readonly rows: (address: Address, from: number, count: number) => Promise<RowPage>;
  readonly detail: (address: Address, custom_id: string) => Promise<RowDetail | undefined>;
  /** A line as it stands in its file; `undefined` where there is none. */
  readonly line: (source: string, row: number, of: "request" | "result") => Promise<string | undefined>;
  /**
   * Tells what goes on until the server ends that, or cannot be asked; absent where nothing changes.
   * @param source the one source that is of interest; all, where the server has few.
   */
  readonly follow?: (known: FollowedEvents, source: string | undefined, signal: AbortSignal) => Promise<void>;
  /** An image as a `data:` URL. */
  readonly image: (source: string, place: ImagePlace) => Promise<string | undefined>;
}

export interface FollowedEvents {
  /** The id of the last event that came, to go on behind it. */
  lastId: string | undefined;
  readonly take: (event: SourceEvent | ServiceEvent) => void;
}

/** Asks the server that the page is from. */
export function createServerData(ask: Ask): PageData {
  const of = (source: string, path: string) => `sources/${encodeURIComponent(source)}/${path}`;
  return {
    sources: async () => (await readJson<{ sources: SourceSummary[] }>(await ask("sources"))).sources,
    summary: async (source) => readJson(await ask(of(source, "summary"))),
    rows: async (address, from, count) => {
      const place = [["from", String(from)] as const, ["count", String(count)] as const];
      const columns = address.columns.map((column) => ["column", column] as const);
      return readJson(await ask(of(address.source, "rows"), [...place, ...columns, ...listFilter(address)]));
    },
    detail: async (address, custom_id) => {
      const answer = await ask(of(address.source, "results"), [["id", custom_id], ...listFilter(address)]);
      return answer.status === 404 ? undefined : readJson(answer);
    },
    line: async (source, row, name) => {
      const answer = await ask(of(source, "line"), [
        ["row", String(row)],
        ["of", name],
      ]);
      return answer.ok ? answer.text() : undefined;
    },
    follow: async (known, source, signal) => {
      const { lastId } = known;
      const answer = await ask("events", source === undefined ? [] : [["source", source]], {
        signal,
        // EventSource sends no key.
        headers: lastId === undefined ? {} : { "last-event-id": lastId },
      });
      if (!answer.ok || answer.body === null) throw new Error(`The server answered with ${answer.status}.`);
      for await (const { id, data } of readEvents(answer.body)) {
        known.lastId = id;
        known.take(JSON.parse(data) as SourceEvent | ServiceEvent);
      }
    },
    image: async (source, { row, index, of: side }) => {
      const answer = await ask(of(source, "image"), [
        ["row", String(row)],
        ["index", String(index)],
        ["of", side],
      ]);
      return answer.ok ? toDataURL(await answer.blob()) : undefined;
    },
  };
}

function toDataURL(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
