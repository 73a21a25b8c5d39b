import type { OpenbatchError } from "../../errors/index.js";
import { isSuccessStatus } from "../../outcome/index.js";
import { ServiceRefusal } from "../../providers/index.js";
import type { JobContext } from "./job-context.js";
import { pause, RetryPace, type Trouble, toStop, toTrouble } from "./trouble.js";

/** A service that answers nothing for about ten minutes has refused. */
const maxTries = 14;

/** What was just made is waited for, with longer and longer pauses up to this, in milliseconds. */
const longestMs = 30_000;

/** A list may lag behind what was created: it is looked at again after so long, in milliseconds. */
const lagsMs = [0, 1_000, 3_000, 10_000];

type AskingContext = Pick<JobContext, "service" | "signal" | "onTrouble">;

/** Asks a service again, for as long as what it is asked is worth it. */
export class Asking {
  readonly #context: AskingContext;

  constructor(context: AskingContext) {
    this.#context = context;
  }

  /**
   * Does what must not be done twice.
   * @param isFreshNow whether nothing can have been done yet, as far as this process knows.
   */
  async doOnce<Done>(
    isFreshNow: boolean,
    what: string,
    { find, act, onDoubt, onRefused, isPaid = false }: OnceSteps<Done>,
  ): Promise<Done> {
    const { service, signal, onTrouble } = this.#context;
    const patience = new RetryPace(maxTries, signal);
    let odd: OpenbatchError | undefined;
    for (let isFresh = isFreshNow; ; ) {
      const found = isFresh ? undefined : await this.#find(find);
      if (found !== undefined) return found;
      if (odd !== undefined) throw odd;
      try {
        if (!isFresh) await onDoubt?.();
        return await act();
      } catch (error) {
        const trouble = toTrouble(error, signal);
        const stop = toStop(trouble, service.target, what);
        if (trouble.againMs === undefined) {
          if (isFresh) await onRefused?.();
          throw stop;
        }
        onTrouble(stop.message);
        isFresh = !trouble.isUncertain;
        // A service that says yes, and not to what, says it to the next one too.
        if (isPaid && isOddSuccess(trouble)) odd = stop;
        if (!(await patience.wait(trouble.againMs))) throw stop;
      }
    }
  }

  /** Looks for what may have been done, also a while later. */
  async #find<Found>(find: () => Promise<Found | undefined>): Promise<Found | undefined> {
    for (const ms of lagsMs) {
      await pause(ms, this.#context.signal);
      const found = await this.list(find);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Asks again while the service does not know yet what was just made. That it takes a moment is usual, and is not told. */
  async waitFor<Answer>(
    what: string,
    { isNotYet, tries }: WaitingOptions,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const { service, signal, onTrouble } = this.#context;
    const patience = new RetryPace(tries, signal);
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isNotYet(error)) throw error;
        if (patience.tries > 1) onTrouble(toStop(toTrouble(error, signal), service.target, what).message);
        if (!(await patience.wait(Math.min(longestMs, 500 * 2 ** patience.tries)))) throw error;
      }
    }
  }

  /** Looks at what the service lists. */
  list<Found>(find: () => Promise<Found>): Promise<Found> {
    return this.again(maxTries, "list what is there", find);
  }

  /** Asks what can be asked as often as one likes. What stands before the service may refuse it for a while. */
  async again<Answer>(tries: number, what: string, ask: () => Promise<Answer>): Promise<Answer> {
    const { service, signal, onTrouble } = this.#context;
    const patience = new RetryPace(tries, signal);
    const patienceWithPages = new RetryPace(Math.min(tries, maxTries), signal);
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const trouble = toTrouble(error, signal);
        const stop = toStop(trouble, service.target, what);
        const { againMs, isPage } = trouble;
        if (againMs === undefined && !isPage) throw stop;
        onTrouble(stop.message);
        if (!(await (againMs === undefined ? patienceWithPages : patience).wait(againMs ?? 0))) throw stop;
      }
    }
  }
}

interface WaitingOptions {
  readonly isNotYet: (error: unknown) => boolean;
  readonly tries: number;
}

interface OnceSteps<Done> {
  /** Finds what was done for the part already. */
  readonly find: () => Promise<Done | undefined>;
  readonly act: () => Promise<Done>;
  /** Is called before it is done again, for what was done before was not found. */
  readonly onDoubt?: () => Promise<unknown>;
  /** Is called where it was refused, and nothing of it was done. */
  readonly onRefused?: () => Promise<unknown>;
  /** Whether it is not done again, where the service took it in words that nobody understands. */
  readonly isPaid?: boolean;
}

function isOddSuccess({ cause, isUncertain }: Trouble): boolean {
  return isUncertain && cause instanceof ServiceRefusal && isSuccessStatus(cause.status);
}
