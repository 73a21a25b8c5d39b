/** A schema for which no value can be made up, with the place that is to blame. */
export class SchemaFault extends Error {
  override readonly name = "SchemaFault";

  constructor(pointer: string, reason: string) {
    super(`In '${pointer}': ${reason}`);
  }
}
