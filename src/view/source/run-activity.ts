import type { RecordedRun, RunMoment, RunRecord } from "../../execute/index.js";
import type { ActivityRate, CountedReason, RunActivity, RunStretch } from "../wire/source-activity.js";

const recentMs = 30_000;
/** As many as a plot has room for. */
const maxStretches = 200;

/** The part of a run that tells how it goes. */
export type PacedRun = Pick<
  RecordedRun,
  "state" | "cause" | "target" | "startedAt" | "endedAt" | "settings" | "settled" | "attempts" | "moments"
>;

/** What a record tells of its last run. */
export function toLastActivity({ runs, underWay }: RunRecord, now: number): RunActivity | undefined {
  const run = runs.at(-1);
  return run && toRunActivity(run, { isThere: underWay !== undefined, now });
}

interface RunTime {
  /** Whether who sends is still there, where nothing says that the run has ended. */
  readonly isThere: boolean;
  readonly now: number;
}

export function toRunActivity(run: PacedRun, { isThere, now }: RunTime): RunActivity {
  const state = run.state === "unfinished" ? (isThere ? "under way" : "killed") : run.state;
  const last = run.moments.at(-1);
  return {
    state,
    cause: run.cause,
    target: run.target,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    settled: run.settled,
    limit: toLimit(run),
    failed: last?.failed ?? 0,
    tokens: last?.tokens ?? 0,
    ...toTroubles(run),
    ...(state === "under way" ? toStanding(last, now) : toStanding(undefined, now)),
    cost: last?.cost,
    unpriced: last?.unpriced ?? 0,
    rate: state === "under way" ? toRecentRate(run, now) : toWholeRate(run),
    stretches: toStretches([toStart(run), ...run.moments]),
  };
}

function toTroubles(run: PacedRun): Pick<RunActivity, "retries" | "retriesBy" | "pausesBy"> {
  const { retries = {}, pauses = {} } = run.moments.at(-1) ?? {};
  const retriesBy = toReasons(retries);
  const noted = retriesBy.reduce((sum, { count }) => sum + count, 0);
  // What was noted last may be older than what is settled, and has those that are not.
  return { retries: Math.max(0, run.attempts - run.settled, noted), retriesBy, pausesBy: toReasons(pauses) };
}

function toReasons(counts: Readonly<Record<string, number>>): readonly CountedReason[] {
  return Object.entries(counts)
    .map(([reason, count]) => ({ reason, count }))
    .sort((one, another) => another.count - one.count);
}

function toStanding(
  last: RunMoment | undefined,
  now: number,
): Pick<RunActivity, "underWay" | "oldestMs" | "concurrency" | "pause"> {
  const isPaused = last?.pause !== undefined && Date.parse(last.pause.until) > now;
  return {
    underWay: last?.under_way,
    oldestMs: last?.oldest_ms,
    concurrency: last?.concurrency,
    pause: isPaused ? last.pause : undefined,
  };
}

function toLimit({ settings: { limit, sample } }: PacedRun): number | undefined {
  const counts = [limit, sample].filter((count) => typeof count === "number");
  return counts.length === 0 ? undefined : Math.min(...counts);
}

function toStart({ startedAt }: PacedRun): RunMoment {
  return { at: startedAt, settled: 0, failed: 0, tokens: 0, under_way: 0 };
}

/** Before anything is noted of the run, what is settled is all that is known. */
function toRecentRate(run: PacedRun, now: number): ActivityRate {
  const last = run.moments.at(-1);
  const start = toStart(run);
  if (last === undefined) {
    const { requests } = toRate(start, { ...start, at: new Date(now).toISOString(), settled: run.settled });
    return { requests, tokens: 0 };
  }
  const since = Date.parse(last.at) - recentMs;
  const first = run.moments.filter(({ at }) => Date.parse(at) <= since).at(-1) ?? start;
  const { requests, tokens } = toRate(first, last);
  return { requests, tokens };
}

function toWholeRate(run: PacedRun): ActivityRate {
  const start = toStart(run);
  const { requests, tokens } = toRate(start, run.moments.at(-1) ?? start);
  return { requests, tokens };
}

function toStretches(moments: readonly RunMoment[]): readonly RunStretch[] {
  const step = Math.ceil((moments.length - 1) / maxStretches);
  const kept = moments.filter((_, index) => index % step === 0 || index === moments.length - 1);
  return kept.slice(1).map((moment, index) => toRate(kept[index] ?? moment, moment, moments[0]));
}

function toRate(from: RunMoment, to: RunMoment, start = from): RunStretch {
  const seconds = (Date.parse(to.at) - Date.parse(from.at)) / 1000;
  const each = (count: number): number => (seconds > 0 ? Math.max(0, count / seconds) : 0);
  return {
    until: (Date.parse(to.at) - Date.parse(start.at)) / 1000,
    requests: each(to.settled - from.settled),
    failed: each(to.failed - from.failed),
    tokens: each(to.tokens - from.tokens),
    underWay: to.under_way,
  };
}
