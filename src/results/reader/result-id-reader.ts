import { isUtf8 } from "node:buffer";
import { isObject } from "../../api/index.js";
import { LeadingStrings, scanMembers } from "../../batch-file/index.js";
import { tryParseJson } from "../../jsonl/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** Reads the ids of result lines, whole ones and broken ones. */
export class ResultIdReader {
  /** Why the last line had none. */
  fault: "broken_line" | "no_custom_id" = "broken_line";
  readonly #leading = new LeadingStrings();

  read(buffer: Buffer, start: number, end: number): string | undefined {
    this.#leading.read(buffer, start, end, { needsUrl: false });
    return this.#leading.custom_id ?? this.#readWhole(buffer.subarray(start, end));
  }

  /** The id of a line that was parsed: the same as {@link read} gives, also where the line has two. */
  readParsed({ custom_id }: JsonObject, buffer: Buffer, start: number, end: number): string | undefined {
    if (typeof custom_id !== "string") return undefined;
    this.#leading.read(buffer, start, end, { needsUrl: false });
    return this.#leading.hasCustomId(custom_id) ? custom_id : (this.#leading.custom_id ?? custom_id);
  }

  /** Whether {@link read} would give this id. */
  has(custom_id: string, buffer: Buffer, start: number, end: number): boolean {
    this.#leading.read(buffer, start, end, { needsUrl: false });
    return this.#leading.hasCustomId(custom_id) || this.read(buffer, start, end) === custom_id;
  }

  #readWhole(line: Buffer): string | undefined {
    this.fault = "broken_line";
    const value = tryParseJson(line);
    if (value === undefined) return scanMembers(line).get("custom_id");
    if (!isObject(value)) return undefined;
    if (typeof value.custom_id === "string" && isUtf8(line)) return value.custom_id;
    this.fault = "no_custom_id";
    return undefined;
  }
}
