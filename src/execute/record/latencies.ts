import type { Quantiles } from "../../results/index.js";

/** How long requests took, in milliseconds, from their first attempt to the end: so many hundredths of them no longer than that. */
export type Latencies = Quantiles;
