import { describe, expect, test } from "vitest";
import { Draw } from "../job/draw.js";
import { KillGround, stages, victims } from "./ground/kills.js";
import { programs } from "./ground/own-postgres.js";

/** More kills than in CI, and from where on: CONTRIBUTING.md. */
const kills = Number(process.env.OPENBATCH_KILLS ?? 4);
const first = Number(process.env.OPENBATCH_STORM_SEED ?? 1);

const withoutPrograms = "(skipped: there is no PostgreSQL in /usr/lib/postgresql)";

describe.skipIf(programs === undefined)(
  `whatever is killed, in the middle of whatever ${programs ? "" : withoutPrograms}`,
  () => {
    test("each request has one result, what is sent again was in flight, and counts never go back", async () => {
      const ground = await KillGround.open();
      const faults: string[] = [];
      for (let seed = first; seed < first + kills; seed += 1) {
        // Each with each other, before any of them again.
        const victim = victims[seed % 4] ?? "worker";
        const stage = stages[(seed + Math.floor(seed / 4)) % 6] ?? "range";
        const found = await ground.endure({ victim, stage }, new Draw(seed));
        faults.push(...found.map((fault) => `OPENBATCH_STORM_SEED=${seed}: ${fault}`));
      }
      expect(faults).toEqual([]);
    }, 7_200_000);
  },
);
