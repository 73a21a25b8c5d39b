import { toPlainText } from "../../errors/index.js";
import { type JobEvent, type JobPart, toPartText } from "../../job.js";
import type { CommandIo } from "../frame/command.js";
import { TerminalLines } from "../frame/terminal-lines.js";
import { toJobLine, toJobTable } from "./job-table.js";

const redrawMs = 100;
const tickMs = 1_000;
/** Of so many parts, each has a line for each of its states where no table can be drawn. */
const mostParts = 10;
const lineMs = 60_000;

/** Shows on standard error where the parts of a job stand: a table on a terminal, elsewhere a line now and then. */
export class JobProgress {
  readonly #io: CommandIo;
  readonly #terminal: TerminalLines | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #said = new Map<number, string>();
  #parts: readonly JobPart[] = [];
  #drawnAt = Number.NEGATIVE_INFINITY;
  #trouble = "";
  #line = "";
  #lineAt = performance.now();

  constructor(io: CommandIo) {
    this.#io = io;
    this.#terminal = io.isTerminal ? new TerminalLines(io) : undefined;
    // The time that is left goes on while nothing happens.
    this.#timer = setInterval(() => this.#show(), tickMs);
  }

  take(event: JobEvent): void {
    if (event.kind === "trouble") return this.#sayTrouble(event.message);
    if (event.kind === "canary") return this.#io.writeError(`${event.report}\n\n`);
    if (event.kind === "plan") return this.#say(`${event.plan}\n`);
    this.#parts = event.parts;
    if (this.#terminal === undefined && event.parts.length <= mostParts) this.#sayStates();
    this.#show();
  }

  finish(): void {
    clearInterval(this.#timer);
    this.#terminal?.erase();
  }

  #show(): void {
    if (this.#parts.length === 0) return;
    if (this.#terminal !== undefined) return this.#draw(this.#terminal);
    if (performance.now() - this.#lineAt < lineMs) return;
    const line = toJobLine(this.#parts, Date.now());
    this.#lineAt = performance.now();
    if (line !== this.#line) this.#say(line);
    this.#line = line;
  }

  #draw(terminal: TerminalLines): void {
    const now = performance.now();
    if (now - this.#drawnAt < redrawMs) return;
    this.#drawnAt = now;
    terminal.draw(toJobTable(this.#parts, Date.now()));
  }

  #sayStates(): void {
    for (const part of this.#parts) {
      const key = `${part.state} ${part.word}`;
      const before = this.#said.get(part.number);
      this.#said.set(part.number, key);
      // That it has ended was said already, or was so before.
      if (before !== key && part.state !== "merged") this.#say(toPartText(part));
    }
  }

  #sayTrouble(message: string): void {
    if (message === this.#trouble) return;
    this.#trouble = message;
    this.#say(toPlainText(message));
    this.#show();
  }

  #say(text: string): void {
    this.#terminal?.erase();
    this.#drawnAt = Number.NEGATIVE_INFINITY;
    this.#io.writeError(`${text}\n`);
  }
}
