import type { SchemaProblem } from "./schema-problem.js";

/** Gathers what is wrong with a schema, in the order of the walk. */
export class SchemaReport {
  readonly problems: SchemaProblem[] = [];

  /** What the service is known to refuse. */
  error(pointer: string, message: string, hint: string): void {
    this.problems.push({ pointer, severity: "error", code: "invalid_schema", message, hint });
  }

  /** What the service may refuse. */
  warning(pointer: string, message: string, hint: string): void {
    this.problems.push({ pointer, severity: "warning", code: "invalid_schema", message, hint });
  }

  /** A check that the service may refuse, and that can be made later as well. */
  constraint(pointer: string, message: string): void {
    const hint = "Leave it out, and check it when the answer is parsed.";
    this.problems.push({ pointer, severity: "warning", code: "schema_constraint", message, hint });
  }
}
