import { describeName } from "../../api/index.js";
import { hintOf } from "../../errors/index.js";
import { hashKey, KeyIndex, type KeyPlace } from "../../jsonl/index.js";
import { FindingGroups } from "../report/finding-groups.js";
import type { IdColumnsSnapshot } from "./id-columns.js";

/** How many ids are fetched from memory before they are compared. */
const idsAtOnce = 64;

/** Reads the id at a place; what is expected to be it need not be looked at twice. */
type ReadId = (place: KeyPlace, isExpected: (id: string) => boolean) => string | undefined;

/** Knows which ids a file has, and which of them it has more than once. */
export class IdRegistry {
  readonly duplicates = new FindingGroups(1);
  readonly #index: KeyIndex;
  readonly #readId: ReadId;

  /** @param readId reads the id at a place that was added. */
  constructor(readId: ReadId) {
    this.#readId = readId;
    this.#index = new KeyIndex((place, wanted) => readId(place, (id) => id === wanted));
  }

  get uniqueCount(): number {
    return this.#index.size;
  }

  /** Makes room for so many ids in all. */
  reserve(count: number): void {
    this.#index.reserve(count);
  }

  /** Adds an id; where it can be read again is asked only if it is new. */
  add(id: string, line: number, toOffset: () => number): void {
    const hash = hashKey(id);
    const first = this.#index.find(id, hash);
    if (first === undefined) this.#index.add(hash, { line, offset: toOffset() });
    else this.#report(id, line, first);
  }

  /** Adds the ids of the lines that follow, whose numbers were counted from `lineBase`. */
  merge({ hashes, lines, offsets }: IdColumnsSnapshot, lineBase: number): void {
    for (let index = 0; index < hashes.length; index += 1) {
      if (index % idsAtOnce === 0) this.#index.fetch(hashes.subarray(index, index + idsAtOnce));
      const hash = hashes[index] ?? 0;
      const place = { line: (lines[index] ?? 0) + lineBase, offset: offsets[index] ?? 0 };
      if (!this.#index.hasHash(hash)) this.#index.add(hash, place);
      else this.#compare(hash, place);
    }
  }

  #compare(hash: number, place: KeyPlace): void {
    const id = this.#readId(place, (found) => hashKey(found) === hash);
    if (id === undefined) return;
    const first = this.#index.find(id, hash);
    if (first === undefined) this.#index.add(hash, place);
    else this.#report(id, place.line, first);
  }

  #report(id: string, line: number, first: KeyPlace): void {
    this.duplicates.add(
      {
        severity: "error",
        code: "duplicate_custom_id",
        path: "custom_id",
        message: `${describeName(id)} is the custom_id of line ${first.line} already.`,
        hint: hintOf("duplicate_custom_id"),
      },
      { line, custom_id: id },
    );
  }
}
