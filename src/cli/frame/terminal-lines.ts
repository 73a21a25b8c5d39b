import type { CommandIo } from "./command.js";
import { cutToWidth } from "./display-width.js";

/** Lines that stand at the end of a terminal, and are drawn again in their place. */
export class TerminalLines {
  readonly #io: Pick<CommandIo, "columns" | "writeError">;
  #drawn = 0;

  constructor(io: Pick<CommandIo, "columns" | "writeError">) {
    this.#io = io;
  }

  /** How wide a line may be: one that the terminal breaks in two could not be taken away again. */
  get columns(): number {
    return (this.#io.columns || Infinity) - 1;
  }

  draw(lines: readonly string[]): void {
    const text = lines.map((line) => cutToWidth(line, this.columns)).join("\n");
    this.#io.writeError(`${toEraser(this.#drawn)}${text}`);
    this.#drawn = lines.length;
  }

  /** Takes them away, so that what is printed next starts on a clean line. */
  erase(): void {
    if (this.#drawn > 0) this.#io.writeError(toEraser(this.#drawn));
    this.#drawn = 0;
  }
}

/** Takes away what was drawn, and leaves the cursor where it began. */
function toEraser(lines: number): string {
  return `\r\u001B[2K${"\u001B[1A\u001B[2K".repeat(Math.max(0, lines - 1))}`;
}
