import { basename } from "node:path";
import { countOf, formatCount, toPlainText } from "../../errors/index.js";
import type { CommandIo } from "./command.js";
import { cutToWidth, displayWidth } from "./display-width.js";
import { TerminalLines } from "./terminal-lines.js";

export interface ProgressOptions {
  /** What is under way, as in `Checking`. */
  readonly label: string;
  /** The files behind it: where a line has no room for their paths, their names alone. */
  readonly paths?: readonly string[];
  /** What is counted, one of it, as in `request`; or `MB`. */
  readonly unit: string;
  /** Whether the rate is told with the unit, since a number alone would be misread: `66 MB/s`. */
  readonly isRateWithUnit?: boolean;
}

export interface ProgressState {
  /** How many are done. */
  readonly count: number;
  /** How much of the whole is done, 0 to 1, where that is known (by bytes, say). */
  readonly fraction?: number | undefined;
  /** How many of them were done before this run began: they count for no rate. 0 by default. */
  readonly earlier?: number;
  /** What else is worth a word, as in `3 failed`. */
  readonly extras?: readonly string[];
  /** What else happens; on a terminal it has a line of its own. */
  readonly details?: readonly string[];
  /** The time left is told as no less than that; not at all where nobody knows it, which is `Infinity`. */
  readonly leastSecondsLeft?: number;
}

/** Shows how far a long run is, on standard error. */
export interface Progress {
  /** Cheap enough to be called for each line: it looks at the clock, and seldom draws. */
  readonly update: (state: ProgressState) => void;
  /** Takes the bar away, so that what is printed next starts on a clean line. */
  readonly finish: () => void;
}

/** The widest that fits. */
const barWidths = [24, 12, 0];
const redrawMs = 100;
const plainLineMs = 10_000;

/**
 * A bar with a rate on a terminal; elsewhere a plain line every ten seconds, and none for a short run.
 *
 * @example
 * ```ts
 * const progress = createProgress(io, { label: "Checking", paths: ["requests.jsonl"], unit: "request" });
 * progress.update({ count: 12_000, fraction: 0.4 });
 * progress.finish();
 * ```
 */
export function createProgress(
  io: Pick<CommandIo, "isTerminal" | "columns" | "writeError">,
  options: ProgressOptions,
): Progress {
  const started = performance.now();
  let shown = io.isTerminal ? started - redrawMs : started;
  const { paths = [] } = options;
  const labels = [paths, paths.map((path) => basename(path))].map((files) =>
    toPlainText([options.label, files.join(", ")].join(" ").trimEnd()),
  );
  const terminal = new TerminalLines(io);
  return {
    update: (state) => {
      const now = performance.now();
      if (now - shown < (io.isTerminal ? redrawMs : plainLineMs)) return;
      shown = now;
      const { details = [] } = state;
      const [label = "", shortLabel = ""] = labels;
      const toRest = (barWidth: number) =>
        describe(state, { ...options, seconds: (now - started) / 1000, barWidth });
      if (!io.isTerminal) {
        io.writeError(`${[label, toRest(0), ...details].join("  ")}\n`);
        return;
      }
      const { columns } = terminal;
      const rests = barWidths.map(toRest);
      const line = [label, shortLabel]
        .flatMap((begin) => rests.map((rest) => `${begin}  ${rest}`))
        .find((text) => displayWidth(text) <= columns);
      terminal.draw([line ?? joinCut(shortLabel, toRest(0), columns), ...joinWhatFits(details, columns)]);
    },
    finish: () => terminal.erase(),
  };
}

/** What is done and what is left is more than a name. */
function joinCut(label: string, rest: string, columns: number): string {
  const room = columns - displayWidth(rest) - 2;
  return room > 1 ? `${cutToWidth(label, room)}  ${rest}` : rest;
}

/** One line of the first of them, none cut in the middle but the very first; no line of none. */
function joinWhatFits(details: readonly string[], columns: number): readonly string[] {
  const fitting = details.filter(
    (_, index) => displayWidth(details.slice(0, index + 1).join("  ")) <= columns,
  );
  const shown = fitting.length > 0 ? fitting : details.slice(0, 1);
  return shown.length === 0 ? [] : [shown.join("  ")];
}

function describe(
  { count, fraction, earlier = 0, extras = [], leastSecondsLeft = 0 }: ProgressState,
  {
    unit,
    isRateWithUnit = false,
    seconds,
    barWidth,
  }: Omit<ProgressOptions, "label"> & { readonly seconds: number; readonly barWidth: number },
): string {
  const parts = [countOf(Math.round(count), unit, unit === "MB" ? unit : `${unit}s`)];
  const done = count - earlier;
  if (seconds >= 0.5) parts.push(`${format(done / seconds)}${isRateWithUnit ? ` ${unit}` : ""}/s`);
  if (fraction === undefined) return [...parts, ...extras].join("  ");
  // Of an empty file nothing of nothing is read.
  const share = Number.isNaN(fraction) ? 1 : Math.min(1, Math.max(0, fraction));
  const shareOfRun = count === 0 ? 0 : (share * done) / count;
  if (seconds >= 1 && shareOfRun > 0.01 && leastSecondsLeft < Infinity) {
    parts.push(`${toDuration(Math.max(leastSecondsLeft, (seconds / shareOfRun) * (1 - share)))} left`);
  }
  parts.push(...extras);
  return `${barWidth > 0 ? `${drawBar(share, barWidth)} ` : ""}${Math.floor(share * 100)}%  ${parts.join("  ")}`;
}

function drawBar(share: number, width: number): string {
  const full = Math.round(share * width);
  return `${"█".repeat(full)}${"░".repeat(width - full)}`;
}

/** As in `1 min 5 s`. */
export function toDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function format(value: number): string {
  return formatCount(Math.round(value));
}
