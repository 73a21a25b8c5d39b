import type { ProfileName } from "../../providers/index.js";

/** Whether what a job needs is there. `${report}` is its text: a line each. */
export interface SetupReport {
  readonly provider: ProfileName;
  /** Where the service is; absent where nothing names it. */
  readonly baseURL?: string;
  readonly items: readonly SetupItem[];
  /** Whether a job could begin: nothing is `"missing"` or `"failing"`. */
  readonly isReady: boolean;
}

export interface SetupItem {
  readonly name: SetupName;
  /** `"missing"` is to be given here; `"failing"` is what the service, or the way to it, has wrong. */
  readonly state: "good" | "doubtful" | "missing" | "failing";
  /** What was found. No key is ever in it. */
  readonly text: string;
  /** What to do, where it is not good. */
  readonly hint?: string;
}

export type SetupName =
  | "openbatch"
  | "Node"
  | "openai"
  | "tokenizer"
  | "disk"
  | "service"
  | "key"
  | "answer"
  | "clock";

const marks: Readonly<Record<SetupItem["state"], string>> = {
  good: "ok",
  doubtful: "!",
  missing: "NO",
  failing: "NO",
};

/** A line each, and below it what to do. */
export function toSetupText({ items }: SetupReport): string {
  return items
    .flatMap(({ name, state, text, hint }) => [
      `${marks[state].padEnd(2)}  ${name.padEnd(9)}  ${text}`,
      ...(hint === undefined ? [] : [`    ${" ".repeat(9)}  ${hint}`]),
    ])
    .join("\n");
}
