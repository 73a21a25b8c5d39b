import type { ServedBatch, ServiceState } from "../../wire/service.js";
import { type Ask, readJson } from "../ask.js";

/** What the page has from a server of batches, and asks it to do. */
export interface ServiceData {
  /** The newest batches and files, at most so many of each. */
  readonly state: (most: number) => Promise<ServiceState>;
  /** `null` where there is no such batch. */
  readonly batch: (id: string) => Promise<ServedBatch | null>;
}

export function createServiceData(ask: Ask): ServiceData {
  return {
    state: async (most) => readJson(await ask("batches", [["most", String(most)]])),
    batch: async (id) => {
      const answer = await ask(`batches/${encodeURIComponent(id)}`);
      return answer.status === 404 ? null : readJson(answer);
    },
  };
}
