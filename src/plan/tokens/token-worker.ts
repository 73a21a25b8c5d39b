import { workerData } from "node:worker_threads";
import { serveThread } from "../../files/index.js";
import { StretchCounter, type StretchCounterData, type StretchTokens } from "./stretch-counter.js";
import type { Stretch } from "./stretches.js";

// The entry of a worker thread: it is given one stretch after the other.
// Started by countStretches alone, with this data.
const counter = new StretchCounter(workerData as StretchCounterData);

serveThread<Stretch, StretchTokens>({
  work: (stretch) => counter.count(stretch),
  listBuffers: ({ tokens, isExact }) => [tokens.buffer, isExact.buffer],
});
