import type { ServerEvent } from "./server-event.js";

/** A line of what `openbatch serve` and `openbatch worker` write with `--log json`. Holds neither content nor keys. */
export type ServerLogLine = LogStamp & (ServerEvent | ServerStep);

export type LogLevel = "info" | "warn" | "error";

export interface LogStamp {
  /** As in `2026-11-29T12:00:00.000Z`. */
  readonly time: string;
  readonly level: LogLevel;
}

/** A step of the process itself: it answers, was told to stop and ends what it has begun, or is at its end. */
export type ServerStep =
  | {
      readonly kind: "ready";
      readonly role: "server" | "worker";
      /** Of a server. */
      readonly base_url?: string;
      /** Where Prometheus reads, if anywhere. */
      readonly metrics?: string | undefined;
      /** Of a worker: who answers its requests. */
      readonly target?: string;
    }
  | { readonly kind: "draining" }
  | { readonly kind: "stopped" };
