import type { MeasureGroup } from "../measure.js";
import { checking } from "./checking.js";
import { manyMachines } from "./many-machines.js";
import { memory } from "./memory.js";
import { results } from "./results.js";
import { running } from "./running.js";
import { starting } from "./starting.js";
import { tables } from "./tables.js";
import { viewing } from "./viewing.js";
import { writing } from "./writing.js";

export const measureGroups: readonly MeasureGroup[] = [
  writing,
  tables,
  checking,
  running,
  manyMachines,
  results,
  viewing,
  memory,
  starting,
];
