import type { FoundId } from "../../batch-file/index.js";
import { Column } from "../../jsonl/index.js";

/** The system takes back what is as large as this once it is freed; of less the process keeps hold. */
const blockBytes = 1_048_576;
const maxBlocks = 16;
/** A longer one would have no room for its length in one byte. */
const maxIdLength = 255;
/** The place of an id that is not kept. */
const nowhere = 0;

/**
 * Keeps ids in memory, as far as 16 MiB go: to look at one there takes a fraction of what it takes to read it again from its
 * line. Those of more than 255 characters, and those with a character beyond Latin-1, are not kept.
 */
export class KeptIds {
  /** Each id behind its length; none goes over the end of its block. */
  readonly #blocks: Uint8Array[] = [];
  /** Of each id, by its number. */
  readonly #places = new Column(Uint32Array);
  #next = nowhere + 1;

  /** Gives the number of an id: they are numbered from 0 in the order in which they come, also those that are not kept. */
  keep(id: FoundId): number {
    this.#places.push(this.#write(id));
    return this.#places.length - 1;
  }

  /** Whether this id is the one of a number; `undefined` where that is not kept. */
  isAt(number: number, id: FoundId): boolean | undefined {
    const place = this.#places.get(number);
    const block = place === nowhere ? undefined : this.#blocks[place >>> 20];
    if (block === undefined) return undefined;
    const at = place & (blockBytes - 1);
    return block[at] === id.length && id.isAt(block, at + 1);
  }

  /** Fetches from memory what {@link isAt} looks at for the first of these numbers. */
  fetch(numbers: Uint32Array, count: number): number {
    let fetched = 0;
    for (let index = 0; index < count; index += 1) {
      const place = this.#places.get(numbers[index] ?? 0);
      fetched ^= this.#blocks[place >>> 20]?.[place & (blockBytes - 1)] ?? 0;
    }
    return fetched;
  }

  /** Gives the place. */
  #write(id: FoundId): number {
    const place = this.#findRoom(id.length + 1);
    const block = this.#blocks[place >>> 20];
    if (block === undefined || id.length > maxIdLength) return nowhere;
    const at = place & (blockBytes - 1);
    if (!id.writeTo(block, at + 1)) return nowhere;
    block[at] = id.length;
    this.#next = place + 1 + id.length;
    return place;
  }

  /** Where so many bytes may be written, in a block that is there unless there are enough of them. */
  #findRoom(length: number): number {
    const isRoom = (this.#next & (blockBytes - 1)) + length <= blockBytes;
    const place = isRoom ? this.#next : ((this.#next >>> 20) + 1) << 20;
    const isNew = place >>> 20 === this.#blocks.length && this.#blocks.length < maxBlocks;
    if (isNew) this.#blocks.push(new Uint8Array(blockBytes));
    return place;
  }
}
