export { createRehearsal, type RehearsalOptions } from "./create-rehearsal.js";
export type { Rehearsal, RehearsalAnswer, RehearsalRequest, RehearsedResponse } from "./rehearsal.js";
export type { RehearsalFault, RehearsalFaultKind } from "./rehearsal-fault.js";
export { isRehearsalModel } from "./rehearsal-model.js";
