import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Endable, InFlight } from "../../src/http/in-flight.js";
import type { TransportFailure } from "../../src/http/transport.js";

class Member extends Endable {
  isHeld = false;
  failure: TransportFailure | undefined;

  override get isHeldUp(): boolean {
    return this.isHeld;
  }

  fail(failure: TransportFailure): void {
    this.failure = failure;
  }
}

function create(): Member {
  return new Member(new AbortController().signal);
}

test("what we let wait ourselves is not ended by its time limit, and what began beside it is", async () => {
  const inFlight = new InFlight(50);
  const [held, free] = [create(), create()];
  held.isHeld = true;
  inFlight.add(held);
  inFlight.add(free);
  while (free.failure === undefined) await sleep(10);
  await sleep(200);
  expect(free.failure).toMatchObject({ kind: "timeout" });
  expect(held.failure).toBeUndefined();
  held.isHeld = false;
  while (held.failure === undefined) await sleep(10);
  expect(held.failure).toMatchObject({ kind: "timeout" });
  inFlight.close();
});
