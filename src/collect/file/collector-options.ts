import type { RequestTarget } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";

/** What may still be said about a request that was written. */
export interface CollectorWarning extends Problem {
  readonly custom_id: string;
}

export interface CollectorOptions {
  /**
   * What to do with a file that is there already: `"append"` to it (default), `"overwrite"` it, or, with `"create"`,
   * refuse with `file_exists`.
   */
  readonly mode?: "append" | "overwrite" | "create" | undefined;
  /**
   * Keeps up to 64 KiB of lines in memory before they are written: faster, but a killed process loses them.
   * They are written at `flush()`, `close()` and when the process ends by itself. Default false: a line is in the file
   * when the call returns.
   */
  readonly buffered?: boolean | undefined;
  /** Writes every character beyond ASCII as `\uXXXX`. Default false. */
  readonly ensureAscii?: boolean | undefined;
  /**
   * What a request does whose `custom_id` is in the file: an `"error"` (default), or `"skip"` it where it is the same
   * request to the letter or as JSON. A different one under the same id is an error either way.
   */
  readonly onDuplicate?: "error" | "skip" | undefined;
  /**
   * Where the file is to go: to be "upload"ed to OpenAI (default), or to "openbatch" run, whose server may take values
   * that OpenAI refuses: then these pass, and only the shape of a request is held to.
   */
  readonly target?: RequestTarget | undefined;
  /**
   * Parameters to let through although the tables here do not know them: all, or those named. For servers with
   * parameters of their own, and for one that is newer than the tables. Default none.
   */
  readonly allowUnknownParameters?: boolean | readonly string[] | undefined;
  /** Gets every warning. By default each code becomes a process warning once. */
  readonly onWarning?: ((warning: CollectorWarning) => void) | undefined;
}
