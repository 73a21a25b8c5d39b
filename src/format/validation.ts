import { isObject } from "../api/index.js";

/** What became of an answer: the value that the schema makes of it, or what is wrong with it. */
export type Validation<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly ValidationIssue[] };

export interface ValidationIssue {
  /** The words of the schema's library. Some libraries show the value that they refuse. */
  readonly message: string;
  /** What the answer breaks, with nothing of the answer in it: `maxLength (must NOT have more than 4 characters)`, `too_big (maximum 4)`. */
  readonly rule?: string;
  /** The keys and indexes that lead to what is wrong. Empty for the answer as a whole. */
  readonly path: readonly (string | number)[];
}

export type MaybePromise<Value> = Value | Promise<Value>;

/** The issues of any library, without what else it keeps in them. */
export function toIssues(issues: readonly unknown[]): readonly ValidationIssue[] {
  // Array.from, because ArkType's lists are of classes that keep their kind when they are mapped.
  return Array.from(issues, (issue) => {
    const members: ForeignIssue = typeof issue === "object" && issue !== null ? issue : {};
    const { message, path } = members;
    const rule = toRule(members);
    return {
      message: typeof message === "string" ? message : "The answer was refused.",
      ...(rule === undefined ? {} : { rule }),
      path: Array.isArray(path) ? Array.from(path, toKey) : [],
    };
  });
}

/** What the schema asks for, by the names that Zod, Valibot and ArkType have for it. */
const expectations = [
  ...["expected", "maximum", "minimum", "divisor", "multipleOf", "format", "validation"],
] as const;

type ForeignIssue = Readonly<
  Partial<Record<"message" | "path" | "rule" | "code" | "type" | (typeof expectations)[number], unknown>>
>;

/** A rule that is known, or else the library's name of it with what the schema asks for: neither quotes the answer. */
function toRule(issue: ForeignIssue): string | undefined {
  if (typeof issue.rule === "string") return issue.rule;
  const name = [issue.code, issue.type].find(
    (word) => typeof word === "string" && /^[\w.-]{1,40}$/.test(word),
  );
  if (name === undefined) return undefined;
  const member = expectations.find((each) => ["string", "number", "bigint"].includes(typeof issue[each]));
  return member === undefined ? `${name}` : `${name} (${member} ${String(issue[member]).slice(0, 80)})`;
}

function toKey(step: unknown): string | number {
  const key = isObject(step) && "key" in step ? step.key : step;
  return typeof key === "number" ? key : String(key);
}
