import { isUtf8 } from "node:buffer";
import { isObject } from "../api/index.js";
import { LeadingStrings } from "./leading-strings.js";
import { scanMembers } from "./scan-members.js";

/** Reads the ids of result lines, whole ones and broken ones. */
export class ResultIdReader {
  /** Why the last line had none. */
  fault: "broken_line" | "no_custom_id" = "broken_line";
  readonly #leading = new LeadingStrings();

  read(buffer: Buffer, start: number, end: number): string | undefined {
    this.#leading.read(buffer, start, end, { needsUrl: false });
    return this.#leading.custom_id ?? this.#readWhole(buffer.subarray(start, end));
  }

  #readWhole(line: Buffer): string | undefined {
    this.fault = "broken_line";
    let value: unknown;
    try {
      value = JSON.parse(line.toString("utf8"));
    } catch {
      return scanMembers(line).get("custom_id");
    }
    if (!isObject(value)) return undefined;
    if (typeof value.custom_id === "string" && isUtf8(line)) return value.custom_id;
    this.fault = "no_custom_id";
    return undefined;
  }
}
