import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { RowPage } from "../wire/row-page.js";
import type { SourceSummary } from "../wire/source-summary.js";
import { type Address, listFilter, readAddress, writeAddress } from "./address.js";
import { NoKeyError, RefusedError } from "./ask.js";
import type { PageData } from "./data.js";

const pollMs = 500;
const rowsAPage = 100;

/** What is wrong with the server: it is gone, or it knows another key, or what it says itself. */
export type ServerTrouble = "gone" | "no key" | { readonly message: string } | undefined;

/** The address, and how to change it. A change of what is typed leaves no step to go back to. */
export function useAddress(): readonly [Address, (change: Partial<Address>, isStep?: boolean) => void] {
  const [address, setAddress] = useState(() => readAddress(location.hash));
  useEffect(() => {
    const read = (): void => setAddress(readAddress(location.hash));
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const change = useCallback((changes: Partial<Address>, isStep = true) => {
    const next = { ...readAddress(location.hash), ...changes };
    if (isStep) history.pushState(null, "", writeAddress(next));
    else history.replaceState(null, "", writeAddress(next));
    setAddress(next);
  }, []);
  return [address, change];
}

/** The summary of a source, again and again until it is read, and whenever it was read anew. */
export function useSummary(
  data: PageData,
  source: string,
  readings: number | undefined,
): Polled<SourceSummary> {
  const pauseMs = ({ state }: SourceSummary): number =>
    state === "complete" || state === "failed" ? pollMs * 10 : pollMs;
  const asked = useAsked(() => data.summary(source), { key: source, version: `${readings}`, pauseMs });
  return { ...asked, value: asked.value?.id === source ? asked.value : undefined };
}

/** What a server said last, and why it says no more. */
export interface Polled<Value> {
  readonly value: Value | undefined;
  readonly trouble: ServerTrouble;
}

interface PolledOptions<Value> {
  /** What it is of: of something else, nothing is shown. */
  readonly key: string;
  /** Changes when it is known to be another than before. */
  readonly version: string;
  /** How long it is good. */
  readonly pauseMs: (value: Value) => number;
}

/** Asks a server for something again and again. */
export function useAsked<Value>(
  ask: () => Promise<Value>,
  { key, version, pauseMs }: PolledOptions<Value>,
): Polled<Value> {
  const [known, setKnown] = useState<{ readonly key: string; readonly value: Value }>();
  const [trouble, setTrouble] = useState<ServerTrouble>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const askAgain = async (): Promise<void> => {
      try {
        const value = await ask();
        if (isOver) return;
        setKnown({ key, value });
        setTrouble(undefined);
        timer = setTimeout(askAgain, pauseMs(value));
      } catch (error) {
        if (isOver) return;
        setTrouble(toTrouble(error));
        timer = setTimeout(askAgain, pollMs * 4);
      }
    };
    void askAgain();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, version]);
  return { value: known?.key === key ? known.value : undefined, trouble };
}

function toTrouble(error: unknown): ServerTrouble {
  if (error instanceof NoKeyError) return "no key";
  return error instanceof RefusedError ? { message: error.message } : "gone";
}

export interface KnownRows {
  readonly total: number;
  readonly isComplete: boolean;
  readonly columns: readonly string[];
  readonly at: (position: number) => RowPage["rows"][number] | undefined;
  /** Says which positions are looked at. */
  readonly look: (first: number, last: number) => void;
}

/** The rows that are looked at, page by page. What was shown stays until the new is there. */
export function useRows(data: PageData, address: Address, readSoFar: string): KnownRows {
  const key = JSON.stringify([address.source, listFilter(address), address.columns]);
  const pages = useRef(new Map<number, RowPage>());
  const asked = useRef(new Map<number, string>());
  const looked = useRef<readonly [number, number]>([0, 0]);
  const [head, setHead] = useState<{ readonly key: string; readonly page: RowPage }>();
  const [, setTurn] = useState(0);
  const current = useRef(key);
  if (current.current !== key) {
    current.current = key;
    pages.current = new Map();
    asked.current = new Map();
  }
  const load = useCallback(
    async (index: number) => {
      const version = `${key} ${readSoFar}`;
      if (asked.current.get(index) === version) return;
      asked.current.set(index, version);
      try {
        const page = await data.rows(address, index * rowsAPage, rowsAPage);
        if (current.current !== key) return;
        pages.current.set(index, page);
        setHead({ key, page });
        setTurn((turn) => turn + 1);
        // A search goes on: what it has found since is asked for again.
        if (!page.isComplete)
          setTimeout(() => asked.current.get(index) === version && retry(index), pollMs / 2);
      } catch {
        asked.current.delete(index);
      }
    },
    [key, readSoFar, data],
  );
  const again = useRef(load);
  again.current = load;
  const retry = (index: number): void => {
    asked.current.delete(index);
    const [first, last] = looked.current;
    if (index >= first && index <= last) void again.current(index);
  };
  const look = useCallback(
    (first: number, last: number) => {
      // The first page is always wanted: it tells how many rows there are.
      looked.current = [Math.floor(first / rowsAPage), Math.floor(Math.max(0, last) / rowsAPage)];
      for (let index = looked.current[0]; index <= looked.current[1]; index += 1) void load(index);
    },
    [load],
  );
  const known = head?.key === key ? head.page : undefined;
  return {
    total: known?.total ?? 0,
    isComplete: known?.isComplete ?? false,
    columns: known?.columns ?? head?.page.columns ?? [],
    at: (position) => pages.current.get(Math.floor(position / rowsAPage))?.rows[position % rowsAPage],
    look,
  };
}
