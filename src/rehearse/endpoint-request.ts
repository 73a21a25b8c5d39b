import type { Random } from "./random.js";

/** A request whose body is a JSON object, with all that an endpoint needs to make its answer up. */
export interface EndpointRequest {
  readonly body: Readonly<Record<string, unknown>>;
  /** Seeded with the request. */
  readonly random: Random;
  /** In seconds, as the wire has it; made up as all the rest. */
  readonly created: number;
}
