import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LaneRequest, Outcome } from "../../../src/execute/upstream/lane.js";
import { transitions } from "../../../src/execute/upstream/request-under-way.js";
import { Trace } from "../../../src/execute/upstream/trace.js";
import { Upstream } from "../../../src/execute/upstream/upstream.js";
import { type OutgoingRequest, type Transport, TransportFailure } from "../../../src/http/transport.js";
import type { ServerAnswer } from "../../../src/outcome/server-answer.js";
import { laneRequests } from "../lane-requests.js";

const errorBodies: Readonly<Record<number, string>> = {
  401: '{"error":{"message":"Incorrect API key"}}',
  404: '{"error":{"message":"no","code":"model_not_found"}}',
  429: '{"error":{"message":"slow down"}}',
};

const refusal = "nobody is there";

type Fate = "ok" | "not json" | "refused" | "connection" | "timeout" | "too_large" | number;

const fates: fc.Arbitrary<Fate> = fc.oneof(
  { arbitrary: fc.constant<Fate>("ok"), weight: 6 },
  {
    arbitrary: fc.constantFrom<Fate>("not json", "refused", "connection", "timeout", "too_large"),
    weight: 2,
  },
  { arbitrary: fc.constantFrom<Fate>(400, 401, 404, 405, 429, 500, 503), weight: 2 },
);

/** Answers in the order of its fates, after a few turns of the event loop. */
class FatefulTransport implements Transport {
  readonly target = "fate";
  readonly #fates: readonly Fate[];
  #sent = 0;
  inFlight = 0;
  mostInFlight = 0;
  readonly bodies = new Map<string, number>();

  constructor(fates: readonly Fate[]) {
    this.#fates = fates;
  }

  async send(request: OutgoingRequest, attempt: number, signal: AbortSignal): Promise<ServerAnswer> {
    const number = this.#sent++;
    const body = request.body.toString();
    this.bodies.set(body, Math.max(attempt, this.bodies.get(body) ?? 0));
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      for (let turn = 0; turn <= number % 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) throw new TransportFailure("aborted", "stopped");
      return toAnswer(this.#fates[number % this.#fates.length] ?? "ok");
    } finally {
      this.inFlight--;
    }
  }

  async close(): Promise<void> {}
}

function toAnswer(fate: Fate): ServerAnswer {
  if (typeof fate === "number") {
    return { status: fate, body: errorBodies[fate] ?? '{"error":{"message":"no"}}', header: () => undefined };
  }
  if (fate === "ok") return { status: 200, body: '{"ok":true}', header: () => undefined };
  if (fate === "not json") return { status: 200, body: "<html>", header: () => undefined };
  if (fate === "refused") throw new TransportFailure("connection", refusal, "ECONNREFUSED");
  throw new TransportFailure(fate, "no", fate === "connection" ? "ECONNRESET" : undefined);
}

interface Plan {
  readonly requests: number;
  readonly models: number;
  /** Ends after so many turns of the event loop, if it does. */
  readonly abortsAfter: number | undefined;
  readonly givesBackEvery: number;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  requests: fc.integer({ min: 0, max: 40 }),
  models: fc.integer({ min: 1, max: 3 }),
  abortsAfter: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 4 }),
  givesBackEvery: fc.integer({ min: 2, max: 10 }),
});

/** Runs one lane to its end, and gives the outcome of each request that was sent. */
async function run(upstream: Upstream, plan: Plan, number: number): Promise<Outcome[]> {
  const lane = upstream.openLane();
  const outcomes: Promise<Outcome>[] = [];
  const abort = async (): Promise<void> => {
    for (let turn = 0; turn < (plan.abortsAfter ?? 0); turn++)
      await new Promise((resolve) => setImmediate(resolve));
    if (plan.abortsAfter !== undefined) lane.abort();
  };
  const aborting = abort();
  for (const [index, request] of laneRequests(plan.requests).entries()) {
    if (!(await lane.ready())) break;
    const aimed: LaneRequest = {
      ...request,
      custom_id: `${request.custom_id} of ${number}`,
      model: `model-${index % plan.models}`,
    };
    if (index % plan.givesBackEvery === 1 || lane.isBlocked(aimed)) lane.giveBack();
    else outcomes.push(lane.send(aimed));
  }
  lane.close();
  const settled = await Promise.all(outcomes);
  await aborting;
  expect(await lane.ready()).toBe(false);
  if (plan.abortsAfter === undefined) assertCauses(settled, lane.causes.length);
  return settled;
}

function assertCauses(outcomes: readonly Outcome[], causes: number): void {
  expect(JSON.stringify(outcomes)).not.toContain(refusal);
  const withheld = outcomes.filter(({ kind }) => kind === "withheld");
  for (const outcome of withheld) expect(outcome).toMatchObject({ cause: expect.any(Error) });
  if (withheld.length > 0) expect(causes).toBeGreaterThan(0);
}

/** Asserts that each request went from where the last move had led it, to an end. Gives the ways that were taken. */
function assertLives(moves: readonly string[]): readonly string[] {
  const at = new Map<string, string>();
  const ways = moves.flatMap((line) => {
    const [, id = "", from = "", to = ""] =
      /^"?(request-\d+ of \d+)"?: (.+) → ([^(]+?)(?: \(attempt \d+\))?$/.exec(line) ?? [];
    if (id === "") return [];
    expect(from).toBe(at.get(id) ?? "waiting");
    at.set(id, to);
    return [`${from} → ${to}`];
  });
  for (const state of at.values()) expect(["settled", "withheld"]).toContain(state);
  return ways;
}

test("whatever happens, every request goes the ways of the machine to one outcome, and every turn is given back", async () => {
  // All but those that take a pause or a rate: what waits for its turn and is withheld.
  const seen = new Set(["granted → withheld"]);
  const possible = Object.entries(transitions).flatMap(([from, to]) => to.map((each) => `${from} → ${each}`));
  // Some ways are taken seldom: they are waited for, for a thousand runs.
  for (let times = 0; times === 0 || (times < 7 && possible.some((way) => !seen.has(way))); times += 1)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fates, { minLength: 1, maxLength: 60 }),
        fc.array(plans, { minLength: 1, maxLength: 4 }),
        fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
        fc.integer({ min: 0, max: 2 }),
        fc.constantFrom(0, 1, 60_000),
        async (fateList, planList, concurrency, maxRetries, patienceMs) => {
          const transport = new FatefulTransport(fateList);
          const moves: string[] = [];
          const trace = new Trace((line) => moves.push(line));
          const upstream = new Upstream({
            transport,
            concurrency,
            maxRetries,
            patienceMs,
            random: () => 0,
            trace,
          });
          await Promise.all(planList.map((plan, number) => run(upstream, plan, number)));
          expect(transport.mostInFlight).toBeLessThanOrEqual(concurrency ?? 1024);
          const { concurrency: turns, attempts, retries } = upstream.counts;
          expect(attempts).toBeGreaterThanOrEqual(retries);

          for (const way of assertLives(moves)) seen.add(way);

          // No turn was lost: as many can be had as ever.
          const last = upstream.openLane();
          for (let number = 0; number < turns; number++) expect(await last.ready()).toBe(true);
          await upstream.close();
        },
      ),
      { numRuns: 150 },
    );
  expect([...seen].sort()).toEqual(possible.sort());
});

test("the header of the machine tells of every state", () => {
  const header =
    readFileSync("src/execute/upstream/request-under-way.ts", "utf8").split("export const")[0] ?? "";
  for (const state of Object.keys(transitions)) expect(header).toContain(` * - \`${state}\`:`);
});
