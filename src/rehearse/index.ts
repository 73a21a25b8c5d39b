export type { Rehearsal, RehearsalAnswer, RehearsalRequest, RehearsedResponse } from "./rehearsal.js";
