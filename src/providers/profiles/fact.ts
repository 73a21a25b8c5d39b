/** Something known of a service, and from where. */
export interface Fact<Value> {
  readonly value: Value;
  readonly source: string;
  /** The month in which it was read. */
  readonly date: string;
  /** False where no page of the service and no recorded answer says so: then it may warn, and refuses nothing. */
  readonly isVerified: boolean;
}

type ToFact = <Value>(value: Value) => Fact<Value>;

/** Facts that a page of the service states, or that were seen in its answers. */
export function readIn(source: string, date: string): ToFact {
  return (value) => ({ value, source, date, isVerified: true });
}

/** What is reported or assumed, and nobody has confirmed. */
export function unverifiedIn(source: string, date: string): ToFact {
  return (value) => ({ value, source, date, isVerified: false });
}
