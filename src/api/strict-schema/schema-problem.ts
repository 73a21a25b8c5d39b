/** One thing in a JSON Schema that the strict subset of structured outputs does not have. */
export interface SchemaProblem {
  /** Where in the schema, as a JSON pointer: `#/properties/name`. */
  readonly pointer: string;
  /** An error is refused by the service, a warning may be. */
  readonly severity: "error" | "warning";
  readonly code: "invalid_schema" | "schema_constraint";
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}
