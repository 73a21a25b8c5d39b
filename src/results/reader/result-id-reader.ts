import { isObject } from "../../api/index.js";
import { FoundId, LeadingStrings, readWholeId } from "../../batch-file/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { findForeignService } from "../../outcome/index.js";
import type { Stray } from "./results.js";

/** What a line without an id is. */
type IdFault = Pick<Stray, "kind" | "service">;

/** Reads the ids of result lines, whole ones and broken ones. */
export class ResultIdReader {
  /** Why the last line had none. */
  fault: IdFault = { kind: "broken_line" };
  readonly #leading = new LeadingStrings();
  readonly #id = new FoundId();

  /** Valid until the next is read, and as long as the line is. */
  read(buffer: Buffer, start: number, end: number): FoundId | undefined {
    this.#leading.read(buffer, start, end, { needsUrl: false });
    return this.#leading.takeId(this.#id) ? this.#id : this.#readWhole(buffer.subarray(start, end));
  }

  /** Whether {@link read} would give this id. */
  has(custom_id: string, buffer: Buffer, start: number, end: number): boolean {
    this.#leading.read(buffer, start, end, { needsUrl: false });
    return this.#leading.hasCustomId(custom_id) || this.read(buffer, start, end)?.text === custom_id;
  }

  #readWhole(line: Buffer): FoundId | undefined {
    const custom_id = readWholeId(line);
    if (custom_id === undefined) {
      this.fault = findFault(tryParseJson(line));
      return undefined;
    }
    this.#id.setText(custom_id);
    return this.#id;
  }
}

function findFault(line: unknown): IdFault {
  if (!isObject(line)) return { kind: "broken_line" };
  const service = findForeignService(line);
  return service === undefined ? { kind: "no_custom_id" } : { kind: "foreign_line", service };
}
