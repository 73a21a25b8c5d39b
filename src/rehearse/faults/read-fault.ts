import { assertOptions, choiceOption, describeName, nearestName, type OptionRules } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { faultKinds, type RehearsalFault, type RehearsalFaultKind } from "./rehearsal-fault.js";

const flag = "--fault";

const rules: OptionRules<Required<RehearsalFault>> = {
  kind: { ...choiceOption(...faultKinds), flag },
  share: {
    isValid: (value) => typeof value === "number" && value >= 0 && value <= 1,
    expected: "a number from 0 to 1",
    flag,
  },
  match: {
    isValid: (value) => typeof value === "string" && value !== "",
    expected: "a custom_id, in which * stands for any text",
    flag,
  },
  attempts: { isValid: isCount, expected: "a whole number from 1", flag },
  retryAfterSeconds: { isValid: isAmount, expected: "a number of seconds", flag },
  delayMs: { isValid: isAmount, expected: "a number of milliseconds", flag },
};

const textHint =
  "Write KIND:SHARE or KIND:CUSTOM_ID, as in 429:0.1 or refusal:row-7* (faults, --fault); " +
  "then :N for the seconds of 429 and the milliseconds of slow, and :xN for the first N attempts alone.";

/** KIND:WHICH, then :N, then :xN. The last two are looked for from the end, since an id may hold colons. */
const textForm = /^([^:]+):(.+?)(?::(\d+(?:\.\d+)?))?(?::x(\d+))?$/s;
/** What else looks like a number is an id: `001`. */
const shareForm = /^(?:[01]|\d*\.\d+)$/;

/**
 * A fault from its object or its text form.
 * @throws OpenbatchError `invalid_option`.
 */
export function readFault(fault: RehearsalFault | string): RehearsalFault {
  const read = typeof fault === "string" ? parseFault(fault) : fault;
  assertOptions(read, rules);
  if (read.kind === undefined || (read.share === undefined && read.match === undefined)) {
    throw new OpenbatchError("invalid_option", "A fault of faults (--fault) says too little.", {
      hint: "Give it a kind, and share or match: which attempts it hits.",
    });
  }
  assertOwn(read, "retryAfterSeconds", "429");
  assertOwn(read, "delayMs", "slow");
  return read;
}

function parseFault(text: string): RehearsalFault {
  const [, kindText = "", which = "", amount, attempts] = textForm.exec(text) ?? [];
  const kind = faultKinds.find((known) => known === kindText);
  if (kind === undefined) throw toTextError(text, kindText);
  return {
    kind,
    ...(shareForm.test(which) ? { share: Number(which) } : { match: which }),
    ...(amount === undefined ? {} : toAmount(kind, Number(amount))),
    ...(attempts === undefined ? {} : { attempts: Number(attempts) }),
  };
}

function toAmount(kind: RehearsalFaultKind, amount: number): Partial<RehearsalFault> {
  if (kind === "429") return { retryAfterSeconds: amount };
  if (kind === "slow") return { delayMs: amount };
  const message = `The fault ${kind} takes no number after what it hits, found ${amount}.`;
  throw new OpenbatchError("invalid_option", message, { hint: textHint });
}

function toTextError(text: string, kind: string): OpenbatchError {
  if (kind === "") {
    const message = `${describeName(text)} is no fault of a rehearsal.`;
    return new OpenbatchError("invalid_option", message, { hint: textHint });
  }
  const nearest = nearestName(kind, faultKinds);
  return new OpenbatchError("invalid_option", `There is no fault ${describeName(kind)} (faults, --fault).`, {
    hint: nearest === undefined ? `Use one of ${faultKinds.join(", ")}.` : `Did you mean ${nearest}?`,
  });
}

function assertOwn(
  fault: RehearsalFault,
  name: "retryAfterSeconds" | "delayMs",
  kind: RehearsalFaultKind,
): void {
  if (fault[name] === undefined || fault.kind === kind) return;
  const message = `A fault of the kind ${fault.kind} has ${name}, which only ${kind} takes.`;
  throw new OpenbatchError("invalid_option", message, { hint: `Leave ${name} out.` });
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1;
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && Number.isFinite(value);
}
