export type { Answered, Lane, LaneRequest, Outcome, Unanswered, Withheld } from "./lane.js";
export {
  type OutgoingRequest,
  type Transport,
  type TransportAnswer,
  TransportFailure,
  type TransportFailureKind,
} from "./transport.js";
