export const repairKinds = ["truncated", "invalid"] as const;

/** Which answers are asked for again: those that were cut off, and those that do not fit what was asked for. */
export type RepairKind = (typeof repairKinds)[number];
