/** An iterator that is opened when its first item is asked for. From then on it costs nothing beside the other. */
export class LaterIterator<Item> implements AsyncIterator<Item> {
  readonly #open: () => Promise<AsyncIterator<Item>>;
  #opening: Promise<AsyncIterator<Item>> | undefined;
  #opened: AsyncIterator<Item> | undefined;

  constructor(open: () => Promise<AsyncIterator<Item>>) {
    this.#open = open;
  }

  next(): Promise<IteratorResult<Item>> {
    return this.#opened?.next() ?? this.#openThenNext();
  }

  async return(): Promise<IteratorResult<Item>> {
    const opened = await this.#opening;
    await opened?.return?.();
    return { value: undefined, done: true };
  }

  async #openThenNext(): Promise<IteratorResult<Item>> {
    this.#opening ??= this.#open();
    this.#opened = await this.#opening;
    return this.#opened.next();
  }
}
