import type { Input } from "./inputs.js";

/** One figure: what is measured, beside what, and what it is to be. */
export type Measure = RateMeasure | MemoryMeasure | StartMeasure;

/** How fast a task is beside a peer; both get the same file and number of rows. */
export interface RateMeasure {
  readonly kind: "rate";
  readonly name: string;
  readonly title: string;
  readonly task: string;
  readonly peer: string;
  readonly rows: number;
  readonly input?: Input;
  /** Whether both are to write the same number of bytes. */
  readonly sameBytes?: boolean;
  /** The least that the task's speed is to be, as a share of the peer's. */
  readonly atLeast: number;
}

/** How much memory a task takes at its peak, over a process that does nothing. */
export interface MemoryMeasure {
  readonly kind: "memory";
  readonly name: string;
  readonly title: string;
  readonly task: string;
  readonly rows: number;
  readonly input?: Input;
  /** What an id takes in the index of ids, which is not counted; src/jsonl/key-index.ts says how much that is. */
  readonly idBytes: number;
  readonly underBytes: number;
}

/** How long starting something takes over an empty process; beside a peer, or by the clock. */
export interface StartMeasure {
  readonly kind: "start";
  readonly name: string;
  readonly title: string;
  readonly args: readonly string[];
  /** What an empty process of the same sort is. */
  readonly emptyArgs: readonly string[];
  readonly peerArgs?: readonly string[];
  /** The most that it may cost: a share of the peer's cost, or milliseconds where there is no peer. */
  readonly under: number;
}

const collectRows = 200_000;
const memoryRows = 1_000_000;
const idBytes = 29;
const megabyte = 1_000_000;

export const measures: readonly Measure[] = [
  {
    kind: "rate",
    name: "create",
    title: "`create`, written through, beside `writeSync` of each line",
    task: "tasks/create",
    peer: "peers/write-each-line",
    rows: collectRows,
    sameBytes: true,
    atLeast: 0.75,
  },
  {
    kind: "rate",
    name: "create-buffered",
    title: "`create`, buffered, beside joined lines",
    task: "tasks/create-buffered",
    peer: "peers/write-joined-lines",
    rows: collectRows,
    sameBytes: true,
    atLeast: 0.7,
  },
  {
    kind: "rate",
    name: "create-many",
    title: "`createMany` beside joined lines",
    task: "tasks/create-many",
    peer: "peers/write-joined-lines",
    rows: collectRows,
    sameBytes: true,
    atLeast: 0.7,
  },
  {
    kind: "rate",
    name: "parse",
    title: "`parse` beside `create` of the same bytes",
    task: "tasks/parse",
    peer: "tasks/create-with-format",
    rows: collectRows,
    sameBytes: true,
    atLeast: 0.9,
  },
  {
    kind: "rate",
    name: "templates",
    title: "`addTemplatedInstances` beside joined lines",
    task: "tasks/add-templated-instances",
    peer: "peers/write-joined-prompts",
    rows: collectRows,
    sameBytes: true,
    atLeast: 1,
  },
  {
    kind: "rate",
    name: "validate",
    title: "`validateBatchFile`, one core, beside `JSON.parse` of each line",
    task: "tasks/validate",
    peer: "peers/parse-each-line",
    rows: collectRows,
    input: "requests",
    atLeast: 0.6,
  },
  {
    kind: "rate",
    name: "validate-workers",
    title: "`validateBatchFile` with worker threads, beside the same",
    task: "tasks/validate-with-workers",
    peer: "peers/parse-each-line",
    rows: collectRows,
    input: "requests",
    atLeast: 0.9,
  },
  {
    kind: "memory",
    name: "memory-collect",
    title: "peak memory of `createMany`, 1,000,000 requests",
    task: "tasks/memory-collect",
    rows: memoryRows,
    idBytes,
    underBytes: 120 * megabyte,
  },
  {
    kind: "memory",
    name: "memory-build",
    title: "peak memory of `openbatch build`, 1,000,000 requests",
    task: "tasks/memory-build",
    rows: memoryRows,
    input: "table",
    idBytes,
    underBytes: 120 * megabyte,
  },
  {
    kind: "memory",
    name: "memory-validate",
    title: "peak memory of `validateBatchFile`, 1,000,000 requests",
    task: "tasks/memory-validate",
    rows: memoryRows,
    input: "requests",
    idBytes,
    underBytes: 120 * megabyte,
  },
  {
    kind: "memory",
    name: "memory-ids",
    title: "peak memory of `create`, 10,000,000 ids of 36 characters",
    task: "tasks/memory-ids",
    rows: 10 * memoryRows,
    idBytes: 0,
    underBytes: 500 * megabyte,
  },
  {
    kind: "start",
    name: "import",
    title: '`import "openbatch"` beside `import "openai"`',
    args: ["--input-type=module", "--eval", 'import "openbatch";'],
    emptyArgs: ["--input-type=module", "--eval", ""],
    peerArgs: ["--input-type=module", "--eval", 'import "openai";'],
    under: 1 / 3,
  },
  {
    kind: "start",
    name: "version",
    title: "`openbatch --version` over `node -e 0`",
    args: ["dist/cli/main.js", "--version"],
    emptyArgs: ["-e", "0"],
    under: 100,
  },
];
