export { encodingFailure } from "./decode-body.js";
export type { HttpTransportOptions } from "./http-transport.js";
export { HttpTransport } from "./http-transport.js";
export { Endable, InFlight } from "./in-flight.js";
export { readExhaustedMs, readRetryAfterMs } from "./rate-limit-headers.js";
export { resolveServer } from "./resolve-server.js";
export { defaultTimeoutMs } from "./time-limit.js";
export type { OutgoingForm, OutgoingRequest, Transport } from "./transport.js";
export { TransportFailure } from "./transport.js";
