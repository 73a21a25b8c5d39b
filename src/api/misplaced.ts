/** Known to the compiler alone. */
declare const advice: unique symbol;

/** What no value is: stands where one would be a mistake, so that the compiler says what to do in its place. */
export interface Misplaced<Advice extends string> {
  readonly [advice]: Advice;
}
