export { messagesURL, toMessageError } from "./answers/message.js";
export type { Rehearsal, RehearsalAnswer, RehearsalRequest, RehearsedResponse } from "./answers/rehearsal.js";
export { isRehearsalModel } from "./answers/rehearsal-model.js";
export { createRehearsal, type RehearsalOptions } from "./create-rehearsal.js";
export type { RehearsalFault, RehearsalFaultKind } from "./faults/rehearsal-fault.js";
export type { AnsweredRequest, OwnAnswer } from "./own-answer.js";
