import type { ServerEvent } from "../store/server-event.js";
import { toRoute } from "./to-route.js";

const methods = ["GET", "HEAD", "POST", "DELETE"];

/** Counts what a process tells of itself, by few and bounded words, for whoever asks. */
export class ServerMeter {
  /** By method, route and status, with a space between. */
  readonly requests = new Map<string, number>();
  /** How often a batch came into each state. */
  readonly batches = new Map<string, number>();
  /** How often a range came into each state. */
  readonly ranges = new Map<string, number>();
  /** How often a batch could not go on for a cause outside it. */
  waits = 0;
  troubles = 0;

  note(event: ServerEvent): void {
    switch (event.kind) {
      case "request": {
        const method = methods.includes(event.method) ? event.method : "other";
        return increase(this.requests, `${method} ${toRoute(event.path)} ${event.status ?? "cut"}`);
      }
      case "batch":
        return increase(this.batches, event.status);
      case "range":
        return increase(this.ranges, event.state);
      case "waiting":
        this.waits += 1;
        return;
      case "trouble":
        this.troubles += 1;
        return;
      case "ignored":
      case "pause":
        return;
      default:
        return event satisfies never;
    }
  }
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
