/** Why no value can be made up: what it says is not known, or nothing fits it, or nothing was found that does. */
export type SchemaFaultKind = "unsupported" | "impossible" | "unfound";

/** A schema for which no value can be made up, with the place that is to blame. */
export class SchemaFault extends Error {
  override readonly name = "SchemaFault";
  readonly pointer: string;
  readonly kind: SchemaFaultKind;

  constructor(pointer: string, reason: string, kind: SchemaFaultKind = "unsupported") {
    super(`In '${pointer}': ${reason}`);
    this.pointer = pointer;
    this.kind = kind;
  }
}
