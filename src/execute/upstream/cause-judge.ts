import type { OpenbatchError } from "../../errors/index.js";
import { type Cause, isSuccess, isUnreached } from "../../outcome/index.js";
import type { Answered, LaneRequest, Outcome, Unanswered } from "./lane.js";
import type { PendingRequest } from "./pending-request.js";
import { toCauseError } from "./to-cause-error.js";

export interface CauseJudgeOptions {
  /** What answers, for messages. */
  readonly target: string;
  readonly settle: (pending: PendingRequest, outcome: Outcome) => void;
  /** Sends a request again as if it had not been sent. */
  readonly sendAgain: (pending: PendingRequest) => void;
  /** @param isEverything whether it fails every request, not only those to one url or model. */
  readonly onCause: (cause: OpenbatchError, isEverything: boolean) => void;
  /** How many requests may be left undecided. */
  readonly maxHeld: () => number;
}

type Aim = Pick<LaneRequest, "url" | "model">;

/** So many requests in a row have to hit a cause before it is taken for everyone's. */
const enough = 3;

/** Causes that a success anywhere disproves; no connection is disproved by any answer. */
const everyones: readonly Cause["kind"][] = ["outage", "body", "key", "access", "quota", "rate"];

/** A request that hit a cause, and whose outcome depends on whose the cause is. */
interface Held {
  readonly pending: PendingRequest;
  readonly outcome: Answered | Unanswered;
  readonly cause: Cause;
  /** When, in the order of all that happens at the upstream. */
  readonly order: number;
}

/** Where one kind of cause holds: everywhere, at a url, or for a model at a url. */
interface Scope {
  readonly key: string;
  readonly isEverything: boolean;
  readonly held: Held[];
  /** Set once the cause is taken for everyone's there. */
  block?: OpenbatchError;
}

/**
 * Decides whose a cause is. A request that hits one is held. It was the request's own where another one, sent after it was
 * hit, succeeds in the same scope: only then is its outcome told. After three such requests without a success between
 * it is everyone's: then all are withheld, and those still to come in the scope too. A success that was sent before
 * proves nothing: a key may have been withdrawn meanwhile. A request that never came to the server is never to blame: once others
 * come through it is sent again.
 */
export class CauseJudge {
  readonly #options: CauseJudgeOptions;
  /** Those that were ever hit. */
  readonly #scopes = new Map<string, Scope>();
  /** The keys of the scopes in which there was a success. */
  readonly #proven = new Set<string>();
  #lastProven: Aim | undefined;
  #heldCount = 0;
  #stopCause: OpenbatchError | undefined;
  readonly #causes: OpenbatchError[] = [];

  constructor(options: CauseJudgeOptions) {
    this.#options = options;
  }

  get stopCause(): OpenbatchError | undefined {
    return this.#stopCause;
  }

  get causes(): readonly OpenbatchError[] {
    return this.#causes;
  }

  /** Why requests with that url and model are not sent any more. */
  blockOf({ url, model }: Aim): OpenbatchError | undefined {
    if (this.#causes.length === 0) return undefined;
    return (
      this.#stopCause ??
      this.#scopes.get(urlKey(url))?.block ??
      this.#scopes.get(modelKey({ url, model }))?.block
    );
  }

  take(
    pending: PendingRequest,
    outcome: Answered | Unanswered,
    cause: Cause | undefined,
    order: number,
  ): void {
    this.#learn(pending, outcome, cause);
    if (cause === undefined) return this.#options.settle(pending, outcome);
    const scope = this.#scopeOf(cause, pending.request);
    scope.held.push({ pending, outcome, cause, order });
    this.#heldCount++;
    if (scope.block !== undefined) this.#withhold(scope, scope.block);
    else if (scope.held.length >= enough) this.#block(scope);
    else if (this.#heldCount > this.#options.maxHeld()) this.#decideOldest();
  }

  /** Decides what is left when no more requests come: a cause is the request's own where others succeeded. */
  decideRest(): void {
    for (const scope of this.#scopes.values()) this.#decide(scope);
  }

  /** Stops everything for a cause that was found elsewhere. */
  stop(cause: OpenbatchError): void {
    if (this.#stopCause !== undefined) return;
    this.#stopCause = cause;
    this.#causes.push(cause);
    this.#options.onCause(cause, true);
  }

  /** Withholds what is undecided. */
  giveUp(): void {
    for (const scope of this.#scopes.values()) this.#withhold(scope, undefined);
  }

  #learn({ request, order }: PendingRequest, outcome: Answered | Unanswered, cause: Cause | undefined): void {
    if (outcome.kind === "unanswered") return;
    if (this.#heldCount > 0) this.#acquit("server", order);
    if (cause !== undefined || !isSuccess(outcome)) return void this.#proven.add("server");
    this.#remember(request);
    if (this.#heldCount === 0) return;
    for (const key of [...everyones, urlKey(request.url), modelKey(request)]) this.#acquit(key, order);
  }

  #remember(request: Aim): void {
    const last = this.#lastProven;
    if (last !== undefined && last.url === request.url && last.model === request.model) return;
    this.#lastProven = request;
    for (const key of ["server", ...everyones, urlKey(request.url), modelKey(request)]) {
      this.#proven.add(key);
    }
  }

  /** What was hit before that order was the requests' own. */
  #acquit(key: string, order: number): void {
    const scope = this.#scopes.get(key);
    while (scope !== undefined && (scope.held[0]?.order ?? order) < order) this.#settleOldest(scope);
  }

  #decideOldest(): void {
    const scopes = [...this.#scopes.values()].filter(({ held }) => held.length > 0);
    const [oldest] = scopes.sort((a, b) => (a.held[0]?.order ?? 0) - (b.held[0]?.order ?? 0));
    if (oldest !== undefined) this.#decide(oldest);
  }

  #decide(scope: Scope): void {
    if (scope.held.length === 0) return;
    const isOwn = this.#proven.has(scope.key) && !scope.held.some(({ cause }) => isUnreached(cause));
    if (isOwn) while (scope.held.length > 0) this.#settleOldest(scope);
    else this.#block(scope);
  }

  #settleOldest(scope: Scope): void {
    const held = scope.held.shift();
    if (held === undefined) return;
    this.#heldCount--;
    if (isUnreached(held.cause)) this.#options.sendAgain(held.pending);
    else this.#options.settle(held.pending, held.outcome);
  }

  #block(scope: Scope): void {
    const [first] = scope.held;
    if (first === undefined) return;
    const error = toCauseError(first.cause, this.#options.target, first.pending.request);
    scope.block = error;
    this.#causes.push(error);
    if (scope.isEverything) this.#stopCause ??= error;
    this.#withhold(scope, error);
    this.#options.onCause(error, scope.isEverything);
  }

  #withhold(scope: Scope, cause: OpenbatchError | undefined): void {
    this.#heldCount -= scope.held.length;
    for (const { pending, outcome } of scope.held.splice(0)) {
      const { attempts, ms } = outcome;
      this.#options.settle(pending, { kind: "withheld", cause, isCutOff: false, attempts, ms });
    }
  }

  #scopeOf({ kind }: Cause, request: Aim): Scope {
    const key = scopeKey(kind, request);
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const scope: Scope = { key, isEverything: key === kind, held: [] };
    this.#scopes.set(key, scope);
    return scope;
  }
}

function scopeKey(kind: Cause["kind"], request: Aim): string {
  if (kind === "model") return modelKey(request);
  return kind === "url" || kind === "redirect" ? urlKey(request.url) : kind;
}

function urlKey(url: string): string {
  return `url ${url}`;
}

function modelKey({ url, model }: Aim): string {
  return `model ${url} ${model ?? ""}`;
}
