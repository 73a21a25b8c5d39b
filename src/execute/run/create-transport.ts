import type { Transport } from "../../http/index.js";
import { HttpTransport, resolveServer } from "../../http/index.js";
import { createRehearsal } from "../../rehearse/index.js";
import type { LaneRequest } from "../upstream/lane.js";
import { RehearsalTransport } from "../upstream/rehearsal-transport.js";
import type { ExecuteBatchFileOptions } from "./execute-options.js";

/** Nobody wants to wait long for an answer that is made up not to come. */
const rehearsalTimeoutMs = 10_000;

/** What answers the requests of a run: a server, or a rehearsal. */
export function createTransport(options: ExecuteBatchFileOptions): Transport<LaneRequest> {
  const { rehearse = false, headers, timeoutMs } = options;
  if (rehearse === false) return new HttpTransport({ ...resolveServer(options), headers, timeoutMs });
  const rehearsal = createRehearsal(rehearse === true ? {} : rehearse);
  return new RehearsalTransport({ rehearsal, timeoutMs: timeoutMs ?? rehearsalTimeoutMs });
}
