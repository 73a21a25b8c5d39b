import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { Draw } from "./draw.js";
import { drawStorm, weather } from "./storm.js";

/** More storms than in CI, and one of them again: CONTRIBUTING.md. */
const storms = Number(process.env.OPENBATCH_STORMS ?? 6);
const first = Number(process.env.OPENBATCH_STORM_SEED ?? 1);
const count = process.env.OPENBATCH_STORM_SEED === undefined ? storms : 1;

const below = temporaryFolder();

test.concurrent.for(Array.from({ length: count }, (_, index) => first + index))(
  "whatever goes wrong with the seed %i, each request has one result and no batch is paid twice",
  async (seed) => {
    const folder = join(below, `${seed}`);
    mkdirSync(folder);
    const storm = drawStorm(new Draw(seed));
    const faults = await weather(storm, folder);
    expect(faults, `OPENBATCH_STORM_SEED=${seed}\n${JSON.stringify(storm, null, 2)}`).toEqual([]);
    rmSync(folder, { recursive: true });
  },
);
