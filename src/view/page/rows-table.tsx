import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RowCells } from "../wire/row-page.js";
import type { Address } from "./address.js";
import type { KnownRows } from "./use-page.js";
import { outcomeWords } from "./words.js";

const rowHeight = 30;
/** Browsers take no element that is much higher: above it, a way of the scroll bar stands for more of the rows. */
const maxHeight = 15_000_000;
const beyond = 8;

interface RowsTableProps {
  readonly rows: KnownRows;
  readonly address: Address;
  readonly onOpen: (custom_id: string) => void;
  readonly onClose: () => void;
}

/** All rows, of which only those that can be seen are there. */
export function RowsTable({ rows, address, onOpen, onClose }: RowsTableProps) {
  const { total, columns } = rows;
  const view = useWindow(total);
  const [current, setCurrent] = useState(0);
  const { first, last } = view;
  useEffect(() => rows.look(first, last), [rows.look, first, last]);
  const position = Math.min(current, Math.max(0, total - 1));
  const openId = address.open;
  useEffect(() => {
    const found = Array.from({ length: last - first + 1 }, (_, index) => first + index).find(
      (at) => rows.at(at)?.custom_id === openId,
    );
    if (openId !== undefined && found !== undefined) setCurrent(found);
  }, [openId, rows.at(position)?.custom_id]);
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(total - 1, to));
    setCurrent(next);
    view.show(next);
    const id = rows.at(next)?.custom_id;
    if (openId !== undefined && id !== undefined) onOpen(id);
  };
  const open = (): void => {
    const id = rows.at(position)?.custom_id;
    if (id !== undefined) onOpen(id);
  };
  useKeys({ move, open, position, page: last - first - 2 * beyond, total, onClose });
  return (
    <div
      id="rows"
      class="table"
      role="grid"
      aria-label="Requests"
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 2}
      aria-activedescendant={position >= first && position <= last ? `row-${position}` : undefined}
      // It is moved in by keys.
      tabIndex={0}
      ref={view.ref}
    >
      <div class="tr head" role="row" aria-rowindex={1}>
        {["", "custom_id", ...columns].map((name, index) => (
          <span key={name} role="columnheader" aria-colindex={index + 1} class={toClass(index)} title={name}>
            {index === 0 ? <span class="hidden">state</span> : toTitle(name)}
          </span>
        ))}
      </div>
      <div class="rows" role="rowgroup" ref={view.body}>
        {Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index).map((at) => (
          <Row
            key={at}
            {...{ at, columns }}
            row={rows.at(at)}
            top={view.topOf(at)}
            isCurrent={at === position}
            onClick={() => {
              setCurrent(at);
              const id = rows.at(at)?.custom_id;
              if (id !== undefined) onOpen(id);
            }}
          />
        ))}
      </div>
      {total === 0 && rows.isComplete ? <p class="none">No request is like that.</p> : null}
    </div>
  );
}

interface RowProps {
  readonly at: number;
  readonly top: number;
  readonly row: RowCells | undefined;
  readonly columns: readonly string[];
  readonly isCurrent: boolean;
  readonly onClick: () => void;
}

function Row({ at, top, row, columns, isCurrent, onClick }: RowProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Set by script: a style in the text of the page would be forbidden.
    if (ref.current !== null) ref.current.style.transform = `translateY(${top}px)`;
  }, [top]);
  const outcome = row?.outcome ?? "reading";
  return (
    <div
      id={`row-${at}`}
      class={`tr ${isCurrent ? "is-current" : ""}`}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={isCurrent}
      ref={ref}
      onClick={onClick}
    >
      <span role="gridcell" aria-colindex={1} class="state">
        {row === undefined ? null : (
          <span class={`dot ${outcome}`} title={row.cause ?? outcomeWords[outcome]}>
            <span class="hidden">
              {outcomeWords[outcome]} {row.cause}
            </span>
          </span>
        )}
      </span>
      <span role="gridcell" aria-colindex={2} class="id">
        {row?.custom_id ?? "…"}
      </span>
      {columns.map((name, index) => (
        <span key={name} role="gridcell" aria-colindex={index + 3} class={toClass(index + 2)}>
          {row?.cells[index] ?? ""}
        </span>
      ))}
    </div>
  );
}

function toClass(index: number): string {
  if (index === 0) return "state";
  return index === 1 ? "id" : "cell";
}

function toTitle(name: string): string {
  return name.startsWith("other.")
    ? `${toTitle(name.slice(6))} (other)`
    : name.replace(/^(?:parsed|table)\./, "");
}

interface Keys {
  readonly move: (position: number) => void;
  readonly open: () => void;
  readonly onClose: () => void;
  readonly position: number;
  readonly page: number;
  readonly total: number;
}

/** Keys work wherever the focus is, but in a field, and but for those that a button or a scrolled text takes itself. */
function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return;
      const isField = target.matches("input:not([type=checkbox]), select, textarea");
      if (isField && !(event.key === "Escape" && target.id === "search")) return;
      const isInTable = target.id === "rows" || target === document.body;
      if (handle(event.key, isInTable, latest.current)) event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

function handle(
  key: string,
  isInTable: boolean,
  { move, open, onClose, position, page, total }: Keys,
): boolean {
  const anywhere: Readonly<Record<string, () => void>> = {
    j: () => move(position + 1),
    k: () => move(position - 1),
    "/": () => document.getElementById("search")?.focus(),
    Escape: onClose,
  };
  const inTable: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(position + 1),
    ArrowUp: () => move(position - 1),
    PageDown: () => move(position + page),
    PageUp: () => move(position - page),
    Home: () => move(0),
    End: () => move(total - 1),
    Enter: open,
  };
  const found = anywhere[key] ?? (isInTable ? inTable[key] : undefined);
  found?.();
  return found !== undefined;
}

/** Which of so many rows can be seen, and where they are drawn. */
function useWindow(total: number) {
  const [element, ref] = useState<HTMLDivElement | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const [{ top, height }, setPlace] = useState({ top: 0, height: 600 });
  const full = total * rowHeight;
  const drawn = Math.min(full, maxHeight);
  /** Of the way that can be scrolled, how much more there would be without the limit. */
  const scale = drawn <= height ? 1 : (full - height) / (drawn - height);
  useLayoutEffect(() => {
    if (element === null) return undefined;
    const read = (): void => setPlace({ top: element.scrollTop, height: element.clientHeight - rowHeight });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener("scroll", read, { passive: true });
    read();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", read);
    };
  }, [element]);
  useLayoutEffect(() => {
    if (body.current !== null) body.current.style.height = `${drawn}px`;
  }, [drawn]);
  const offset = top * scale;
  const show = useCallback(
    (position: number) => {
      if (element === null) return;
      const start = position * rowHeight;
      const isAbove = start < offset;
      if (!isAbove && start + rowHeight <= offset + height) return;
      element.scrollTop = (isAbove ? start : start + rowHeight - height) / scale;
    },
    [element, offset, height, scale],
  );
  return {
    ref,
    body,
    show,
    first: Math.max(0, Math.min(Math.floor(offset / rowHeight) - beyond, total - 1)),
    last: Math.min(total - 1, Math.ceil((offset + height) / rowHeight) + beyond),
    topOf: (position: number) => position * rowHeight - offset + top,
  };
}
