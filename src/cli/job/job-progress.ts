import { toPlainText } from "../../errors/index.js";
import { type JobEvent, toPartText } from "../../job.js";
import type { CommandIo } from "../frame/command.js";

/** Says on standard error where the parts of a job stand, a line for each change. */
export class JobProgress {
  readonly #io: CommandIo;
  readonly #said = new Map<number, string>();
  #trouble = "";

  constructor(io: CommandIo) {
    this.#io = io;
  }

  take(event: JobEvent): void {
    if (event.kind === "trouble") return this.#sayTrouble(event.message);
    if (event.kind === "plan") return this.#io.writeError(`${event.plan}\n\n`);
    for (const part of event.parts) {
      const text = toPartText(part);
      const key = `${part.state} ${part.word}`;
      if (this.#said.get(part.number) === key) continue;
      this.#said.set(part.number, key);
      this.#io.writeError(`${text}\n`);
    }
  }

  #sayTrouble(message: string): void {
    if (message === this.#trouble) return;
    this.#trouble = message;
    this.#io.writeError(`${toPlainText(message)}\n`);
  }
}
