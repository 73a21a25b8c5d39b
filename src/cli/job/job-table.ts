import { countOf, formatCount, toPlainText } from "../../errors/index.js";
import type { JobPart } from "../../job.js";
import { toDuration } from "../frame/progress.js";

/** So many parts have a row; of more, those that change. */
const mostRows = 10;

const columns = [
  { name: "part", width: 4 },
  { name: "state", width: 11, isText: true },
  { name: "done", width: 15 },
  { name: "failed", width: 6 },
  { name: "rate", width: 8 },
  { name: "tokens", width: 7, isOptional: true },
  { name: "cost", width: 8, isOptional: true },
  { name: "left", width: 11 },
];

/**
 * The parts of a job as a table, 77 characters wide at most: a row a part, one line for those that there is no room for, and the sum.
 * Tokens and cost have their columns where somebody knows them.
 */
export function toJobTable(parts: readonly JobPart[], now: number): readonly string[] {
  const shown =
    parts.length <= mostRows ? parts : [...parts].sort(byInterest).slice(0, mostRows).sort(byNumber);
  const others = parts.filter((part) => !shown.includes(part));
  const rows = shown.map((part) => [
    `${part.number}`,
    toStateWord(part),
    ...toCells(toProgress([part], now)),
  ]);
  const all = ["all", "", ...toCells(toProgress(parts, now))];
  const known = columns.map(({ isOptional }, index) => !isOptional || all[index] !== "");
  const toLine = (cells: readonly string[]): string => toRow(cells, known);
  return [
    toLine(columns.map(({ name }) => name)),
    ...rows.map(toLine),
    ...(others.length === 0 ? [] : [`   … and ${formatCount(others.length)} more: ${toOthersText(others)}`]),
    ...(parts.length === 1 ? [] : [toLine(all)]),
  ];
}

/** All parts in one line, where no table can be drawn. */
export function toJobLine(parts: readonly JobPart[], now: number): string {
  const progress = toProgress(parts, now);
  const { done, requests, failed } = progress;
  const [, , rate, tokens, cost, left] = toCells(progress);
  const words = [
    `${formatCount(done)} of ${formatCount(requests)} done`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(rate === "" ? [] : [`${rate}`]),
    ...(tokens === "" ? [] : [`${tokens} tokens`]),
    ...(cost === "" ? [] : [`${cost} so far`]),
    ...(left === "" ? [] : [`${left} left`]),
  ];
  return `${countOf(parts.length, "part")} (${toOthersText(parts)}): ${words.join(", ")}`;
}

interface PartsProgress {
  readonly requests: number;
  readonly done: number;
  readonly failed: number;
  /** Answers a second since the first of them was submitted; `undefined` while there are none. */
  readonly rate: number | undefined;
  readonly tokens: number | undefined;
  readonly cost: number | undefined;
}

function toProgress(parts: readonly JobPart[], now: number): PartsProgress {
  const done = sum(parts.map(({ counts }) => (counts?.completed ?? 0) + (counts?.failed ?? 0))) ?? 0;
  const begun = parts.flatMap(({ submitted_at }) =>
    submitted_at === undefined ? [] : [Date.parse(submitted_at)],
  );
  const ended = parts.map(({ ended_at }) => (ended_at === undefined ? now : Date.parse(ended_at)));
  const seconds = (Math.max(...ended) - Math.min(...begun)) / 1000;
  return {
    done,
    requests: sum(parts.map(({ requests }) => requests)) ?? 0,
    failed: sum(parts.map(({ counts }) => counts?.failed)) ?? 0,
    rate: done > 0 && seconds > 0 && seconds < Infinity ? done / seconds : undefined,
    tokens: sum(parts.map(({ usage }) => usage?.total_tokens)),
    cost: sum(parts.map(({ cost }) => cost)),
  };
}

/** Of those that are known; `undefined` where none is. */
function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

function toCells({ requests, done, failed, rate, tokens, cost }: PartsProgress): readonly string[] {
  return [
    toShareText(done, requests),
    failed > 0 ? formatCount(failed) : "",
    rate === undefined ? "" : toRateText(rate),
    tokens === undefined ? "" : toShort(tokens),
    cost === undefined ? "" : toCostText(cost),
    rate === undefined || done >= requests ? "" : toDuration((requests - done) / rate),
  ];
}

function toShareText(done: number, requests: number): string {
  const toText = requests < 1e6 ? formatCount : toShort;
  return `${toText(done)}/${toText(requests)}`;
}

function toRow(cells: readonly string[], known: readonly boolean[]): string {
  return columns
    .flatMap(({ width, isText }, index) => {
      const cell = cells[index] ?? "";
      if (!known[index]) return [];
      return [isText ? cell.slice(0, width).padEnd(width) : cell.padStart(width)];
    })
    .join(" ")
    .trimEnd();
}

function toStateWord({ state, word }: JobPart): string {
  if (state === "merged") return "done";
  if (state === "uploaded") return "waiting";
  return state === "submitted" || state === "ended" ? toPlainText(word ?? state) : toPlainText(state);
}

/** `3 in_progress, 190 done` */
function toOthersText(parts: readonly JobPart[]): string {
  const counts = new Map<string, number>();
  for (const part of parts) counts.set(toStateWord(part), (counts.get(toStateWord(part)) ?? 0) + 1);
  const words = [...counts].map(([word, count]) => `${formatCount(count)} ${word}`).join(", ");
  return words;
}

const interest = ["submitted", "ended", "creating", "uploading", "rejected", "gone", "uploaded", "merged"];

/** What changes first; of what is done, the last. */
function byInterest(one: JobPart, other: JobPart): number {
  const [first, second] = [one, other].map(({ state, counts }) =>
    state === "submitted" && (counts?.completed ?? 0) > 0 ? -1 : interest.indexOf(state),
  );
  const difference = (first ?? 0) - (second ?? 0);
  return difference !== 0 ? difference : one.state === "merged" ? byNumber(other, one) : byNumber(one, other);
}

function byNumber(one: JobPart, other: JobPart): number {
  return one.number - other.number;
}

function toCostText(cost: number): string {
  if (cost >= 1_000) return `$${formatCount(Math.round(cost))}`;
  return `$${cost.toFixed(cost < 0.1 ? 4 : 2)}`;
}

function toRateText(rate: number): string {
  if (rate >= 1) return `${formatCount(Math.round(rate))}/s`;
  return rate >= 1 / 60 ? `${Math.round(rate * 60)}/min` : `${Math.round(rate * 3600)}/h`;
}

function toShort(count: number): string {
  if (count < 10_000) return formatCount(count);
  return count < 1e6 ? `${Math.round(count / 1e3)} k` : `${(count / 1e6).toFixed(count < 1e8 ? 1 : 0)} M`;
}
