/** What a server answered, whatever its status. */
export interface ServerAnswer {
  readonly status: number;
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** The body as text, whole. */
  readonly body: string;
}
