import { describeName } from "../../api/index.js";
import type { RequestState, RequestUnderWay } from "./request-under-way.js";
import type { UpstreamEvent } from "./upstream-event.js";

/** Tells each move of a request and each event, on a line of its own, without anything of what is asked or answered. */
export class Trace {
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** To standard error, where the environment asks for it with `OPENBATCH_TRACE=1`. */
  static ofEnvironment(): Trace | undefined {
    if (process.env.OPENBATCH_TRACE !== "1") return undefined;
    return new Trace((line) =>
      process.stderr.write(`trace ${(performance.now() / 1000).toFixed(3)} ${line}\n`),
    );
  }

  move({ request, state, attempts }: RequestUnderWay, from: RequestState): void {
    const attempt = attempts === 0 ? "" : ` (attempt ${attempts})`;
    this.#write(`${describeName(request.custom_id)}: ${from} → ${state}${attempt}`);
  }

  event(event: UpstreamEvent): void {
    switch (event.kind) {
      case "concurrency":
        return this.#write(`concurrency: ${event.limit}`);
      case "pause":
        return this.#write(`pause until ${event.until.toISOString()}: ${event.reason}`);
      case "retry":
        return this.#write(
          `${describeName(event.custom_id)}: again in ${Math.round(event.delayMs)} ms: ${event.reason}`,
        );
      case "cause":
        return this.#write(`cause: ${event.cause.code}`);
      default:
        return event satisfies never;
    }
  }
}
