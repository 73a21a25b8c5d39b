import { closeSync, fstatSync } from "node:fs";

interface Flushable {
  flush(): void;
}

interface SharedFile<File> {
  readonly key: string;
  readonly file: File;
  users: number;
}

/** The files that this process has open, by device and inode. At its exit each is flushed. */
export class SharedFiles<File extends Flushable> {
  readonly #open = new Map<string, SharedFile<File>>();
  readonly #flushAtExit = (): void => this.#flushAll();

  /** Whether the file behind a descriptor is open already. */
  has(fd: number): boolean {
    return this.#open.has(keyOf(fd));
  }

  /** Counts one more user of the file that is open already, for which the descriptor is closed, and else of this one. */
  retain(fd: number, file: File): File {
    const key = keyOf(fd);
    const known = this.#open.get(key);
    if (known !== undefined) closeSync(fd);
    if (this.#open.size === 0) process.on("exit", this.#flushAtExit);
    const shared = known ?? { key, file, users: 0 };
    this.#open.set(key, shared);
    shared.users += 1;
    return shared.file;
  }

  /** Counts one user less; whether it was the last one, so that the file is to be closed. */
  release(file: File): boolean {
    const shared = [...this.#open.values()].find((each) => each.file === file);
    if (shared === undefined) return true;
    shared.users -= 1;
    if (shared.users > 0) return false;
    this.#open.delete(shared.key);
    if (this.#open.size === 0) process.off("exit", this.#flushAtExit);
    return true;
  }

  /** Each file, also where another one cannot be. */
  #flushAll(): void {
    const failures: unknown[] = [];
    for (const { file } of this.#open.values()) {
      try {
        file.flush();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

function keyOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}
