import { isDeepStrictEqual } from "node:util";
import type { Endpoint } from "../../api/index.js";
import { RequestError } from "../../errors/index.js";

/** A request whose id is in the file already. */
export interface DuplicateRequest {
  readonly custom_id: string;
  readonly url: Endpoint;
  /** The file, and the line in it that has the id. */
  readonly path: string;
  readonly line: number;
  /** Whether another request has it, although what is there already is passed over. */
  readonly isOther: boolean;
}

export function duplicateError({ custom_id, url, path, line, isOther }: DuplicateRequest): RequestError {
  const same = isOther ? "another request" : "a request";
  return new RequestError({ custom_id, url }, [
    {
      severity: "error",
      code: "duplicate_custom_id",
      path: "custom_id",
      message: `${same} in line ${line} of ${path} has this id.`,
      hint: isOther
        ? "Give this one another id."
        : 'Give each an id of its own, or go on after a stop with onDuplicate: "skip".',
    },
  ]);
}

/** Whether a line of a file says what a line that is to be written says. */
export function isSameLine(line: object, other: string): boolean {
  const json = JSON.stringify(line);
  if (json === other) return true;
  try {
    return isDeepStrictEqual(JSON.parse(json), JSON.parse(other));
  } catch {
    return false;
  }
}
