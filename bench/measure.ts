import type { Input } from "./inputs/write-input.js";
import type { ServerProcess } from "./server-process.js";

/** One figure: what is measured, beside what, and what it is to be. */
export type Measure = TaskMeasure | SizeMeasure | StartMeasure;

/** What is measured of a task, which has a process of its own. */
export type TaskMeasure =
  | RateMeasure
  | CostMeasure
  | TimeMeasure
  | ShareMeasure
  | MemoryMeasure
  | TellMeasure;

/** A heading, and the figures that stand under it. */
export interface MeasureGroup {
  readonly title: string;
  readonly measures: readonly Measure[];
}

interface NamedMeasure {
  readonly name: string;
  readonly title: string;
  /** Whether it takes so long, or so much room, that it is taken only where its name is given, or --all. */
  readonly isLarge?: boolean;
}

/** How fast a task is beside a peer; both get the same file and number of rows. */
export interface RateMeasure extends NamedMeasure, Surroundings {
  readonly kind: "rate";
  readonly task: string;
  readonly peer: string;
  /** Whether both are to write the same number of bytes. */
  readonly sameBytes?: boolean;
  /**
   * What the speed is judged by: what the processor gave the process, which others disturb little, or, where the task has a
   * server to be measured, that server; or the clock on the wall. By default the processor.
   */
  readonly clock?: "wall" | "server";
  /** The least that the task's speed is to be, as a share of the peer's. Without it the figure is told, and that is all. */
  readonly atLeast?: number;
}

/** What a row takes of the processor, beside nothing. */
export interface CostMeasure extends NamedMeasure, Surroundings {
  readonly kind: "cost";
  readonly task: string;
  /** The most that it is to take, in millionths of a second. */
  readonly underMicroseconds: number;
}

/** What a task takes of the processor, its own client included. */
export interface TimeMeasure extends NamedMeasure, Surroundings {
  readonly kind: "time";
  readonly task: string;
  /** How often it does the same. */
  readonly times: number;
  /** The most that one of them is to take. */
  readonly underMilliseconds: number;
}

/** How many bytes some files take, compressed with gzip. */
export interface SizeMeasure extends NamedMeasure {
  readonly kind: "size";
  readonly files: readonly string[];
  readonly underBytes: number;
}

/** How much of the processor a task takes beside its server, as a share of what the server takes. */
export interface ShareMeasure extends NamedMeasure, Surroundings {
  readonly kind: "share";
  readonly task: string;
  /** The largest share that it is to be. */
  readonly under: number;
}

/** What a task finds out itself. */
export interface TellMeasure extends NamedMeasure, Surroundings {
  readonly kind: "tell";
  readonly task: string;
  readonly unit: string;
  /** The most that it is to be. Without it the figure is told, and that is all. */
  readonly under?: number;
}

/** How much memory a task takes at its peak. */
export interface MemoryMeasure extends NamedMeasure, Surroundings {
  readonly kind: "memory";
  readonly task: string;
  readonly limit: MemoryLimit;
}

export type MemoryLimit =
  /**
   * Over a process that does nothing, and without what an id takes in the index of ids; src/jsonl/key-index.ts says how much
   * that is.
   */
  | { readonly kind: "overEmpty"; readonly underBytes: number; readonly idBytes: number }
  /** All that the process holds, Node itself with it. */
  | { readonly kind: "wholeProcess"; readonly underBytes: number };

/** How long starting something takes over an empty process; beside a peer, or by the clock. */
export interface StartMeasure extends NamedMeasure {
  readonly kind: "start";
  readonly args: readonly string[];
  /** What an empty process of the same sort is. */
  readonly emptyArgs: readonly string[];
  readonly peerArgs?: readonly string[];
  /** The most that it may cost: a share of the peer's cost, or milliseconds where there is no peer. */
  readonly under: number;
}

/** What a task finds when it is started. */
interface Surroundings {
  readonly rows: number;
  readonly input?: Input;
  /** The server that the task talks to, and its arguments; it is started afresh for each run. */
  readonly server?: ServerProcess["command"];
  /** How many requests the task has in flight. */
  readonly concurrency?: number;
}
