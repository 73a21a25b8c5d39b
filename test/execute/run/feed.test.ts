import { expect, test } from "vitest";
import type { LaneRequest } from "../../../src/execute/index.js";
import { feed } from "../../../src/execute/run/feed.js";
import { WrappedLane } from "../../../src/execute/upstream/lane.js";
import { laneRequests } from "../lane-requests.js";
import { answered, createLane } from "../simple-lane.js";

/** A lane that answers at once whether there is a turn, and keeps count of those that were granted. */
class TurnLane extends WrappedLane {
  granted = 0;
  givenBack = 0;

  constructor(
    readonly turns: number,
    isBlocked: (request: Pick<LaneRequest, "url" | "model">) => boolean = () => false,
  ) {
    super(createLane(() => Promise.resolve(answered({})), { isBlocked }));
  }

  override whenReady(answer: (isReady: boolean) => void): void {
    const isReady = this.granted - this.givenBack < this.turns;
    if (isReady) this.granted += 1;
    answer(isReady);
  }

  override giveBack(): void {
    this.givenBack += 1;
  }
}

function from(requests: readonly LaneRequest[], gaps: readonly number[] = []) {
  let at = 0;
  const open = new Set(gaps);
  return () => {
    if (open.delete(at)) return "later" as const;
    at += 1;
    return requests[at - 1];
  };
}

test("sends all in their order, however many have a turn at once", async () => {
  const requests = laneRequests(50_000);
  const sent: LaneRequest[] = [];
  const lane = new TurnLane(Infinity);
  await feed({ lane, next: from(requests), send: (request) => sent.push(request) });
  expect(sent).toEqual(requests);
  expect(lane.granted).toBe(50_000);
});

test("lets the rest of the process have its turn where it is told to", async () => {
  const requests = laneRequests(4);
  const seen: string[] = [];
  setImmediate(() => seen.push("others"));
  await feed({
    lane: new TurnLane(Infinity),
    next: from(requests, [2]),
    send: ({ custom_id }) => seen.push(String(custom_id)),
  });
  expect(seen).toEqual(["request-1", "request-2", "others", "request-3", "request-4"]);
});

test("sends nothing more once there are no turns, and resolves", async () => {
  const sent: LaneRequest[] = [];
  const requests = laneRequests(5);
  await feed({ lane: new TurnLane(3), next: from(requests), send: (request) => sent.push(request) });
  expect(sent).toEqual(requests.slice(0, 3));
});

test("goes past what is withheld without a turn, and gives one back for what was withheld meanwhile", async () => {
  const [first, second, third] = laneRequests(3).map((request, index) => ({
    ...request,
    model: `m${index}`,
  }));
  const requests = [first, second, third] as LaneRequest[];
  const asked = new Map<string | undefined, number>();
  // The first is withheld from the start, the second once it has its turn.
  const lane = new TurnLane(Infinity, ({ model }) => {
    asked.set(model, (asked.get(model) ?? 0) + 1);
    return model === "m0" || (model === "m1" && asked.get(model) === 2);
  });
  const sent: LaneRequest[] = [];
  await feed({ lane, next: from(requests), send: (request) => sent.push(request) });
  expect(sent).toEqual([third]);
  expect([lane.granted, lane.givenBack]).toEqual([2, 1]);
});

test("rejects with what is thrown while the next is read, or sent", async () => {
  const broken = new Error("broken");
  const fail = () => {
    throw broken;
  };
  const lane = new TurnLane(Infinity);
  await expect(feed({ lane, next: fail, send: () => {} })).rejects.toBe(broken);
  await expect(feed({ lane, next: from(laneRequests(1)), send: fail })).rejects.toBe(broken);
});
