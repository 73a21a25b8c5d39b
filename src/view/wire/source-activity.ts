/** What goes on with a source, or went on before: told whenever it changes. */
export interface SourceEvent {
  /** The id of the source. */
  readonly source: string;
  /** How often its files were read: rows and counts are others with each. */
  readonly readings: number;
  readonly activity: SourceActivity;
}

export interface SourceActivity {
  /** The last run that wrote the results, where it is recorded. */
  readonly run: RunActivity | undefined;
  /** The parts of the job that fills the results, in their order. */
  readonly parts: readonly PartActivity[];
  /** What the job was to cost when it began, in US dollars, where prices were known. */
  readonly planned: PlannedCost | undefined;
}

export interface PlannedCost {
  /** Of what the requests ask. */
  readonly input: number;
  /** With the longest answers; `undefined` where a request sets no limit to its own. */
  readonly atMost: number | undefined;
}

/** How far a run is, or how far it came. Numbers are those of this run alone. */
export interface RunActivity {
  /** `killed`: nothing says that it ended, and it is not there any more. */
  readonly state: "under way" | "completed" | "interrupted" | "stopped" | "killed";
  /** The code of what stopped it. */
  readonly cause: string | undefined;
  /** A base URL, or "rehearsal". */
  readonly target: string;
  /** As ISO dates. */
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly settled: number;
  /** How many requests it was to send at the most, where it was not to send all. */
  readonly limit: number | undefined;
  /** Those of them that had failed when that was last noted, and the tokens of all. */
  readonly failed: number;
  readonly tokens: number;
  /** Attempts beyond the first, where they are counted. */
  readonly retries: number | undefined;
  /** How often a request was to be sent again, by what had happened: the most frequent first. */
  readonly retriesBy: readonly CountedReason[];
  /** For how long nothing was sent because the server had asked for it, in milliseconds: the longest first. */
  readonly pausesBy: readonly CountedReason[];
  /** Of a run under way: why nothing is sent now, and until when, as an ISO date. */
  readonly pause: { readonly reason: string; readonly until: string } | undefined;
  /** Requests that were with the server when that was last noted, and for how long the oldest was, in milliseconds. */
  readonly underWay: number | undefined;
  readonly oldestMs: number | undefined;
  /** How many may be with the server at once. */
  readonly concurrency: number | undefined;
  /** What the tokens cost so far, in US dollars, where prices are known; and of how many answers none is. */
  readonly cost: number | undefined;
  readonly unpriced: number;
  /** Of the last half minute while it is under way, and of the whole run once it has ended. */
  readonly rate: ActivityRate;
  /** Stretches of the run, in their order: what came in each. */
  readonly stretches: readonly RunStretch[];
}

export interface CountedReason {
  readonly reason: string;
  readonly count: number;
}

/** In a second. */
export interface ActivityRate {
  readonly requests: number;
  readonly tokens: number;
}

export interface RunStretch extends ActivityRate {
  /** Where it ends, in seconds from the start of the run. */
  readonly until: number;
  /** Failures among the requests, in a second. */
  readonly failed: number;
  /** Requests that were with the server at its end. */
  readonly underWay: number;
}

/** Where a part of a job stands. */
export interface PartActivity {
  readonly number: number;
  /** 1 for requests that are sent for the first time. */
  readonly round: number;
  readonly state: string;
  /** The service's own word for it. */
  readonly word: string | undefined;
  readonly batch: string | undefined;
  readonly model: string | null;
  readonly requests: number;
  readonly done: number;
  readonly failed: number;
  /** What its tokens cost so far, in US dollars, where price and tokens are known. */
  readonly cost: number | undefined;
  /** As ISO dates. */
  readonly submittedAt: string | undefined;
  readonly endedAt: string | undefined;
}
