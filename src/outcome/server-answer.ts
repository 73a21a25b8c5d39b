/** What a server answered, whatever its status. */
export interface ServerAnswer {
  readonly status: number;
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** The names of its headers, in lower case: the same set for answers that have the same ones. Absent where nobody looked. */
  readonly headerNames?: ReadonlySet<string>;
  /** The body as text, whole. */
  readonly body: string;
}
