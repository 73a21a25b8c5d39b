import type { OpenbatchError } from "../../errors/index.js";
import { type Cause, isUnreached } from "../../outcome/index.js";
import type { LaneRequest } from "./lane.js";
import type { AttemptEnd, Back, Ended, Layer } from "./layer.js";
import type { RequestUnderWay } from "./request-under-way.js";
import { toCauseError } from "./to-cause-error.js";

export interface CauseJudgeOptions {
  /** What answers, for messages. */
  readonly target: string;
  /** @param isEverything whether it fails every request, not only those to one url or model. */
  readonly onCause: (cause: OpenbatchError, isEverything: boolean) => void;
  /** Gives a turn to a request that is to be sent again as if it had not been sent. */
  readonly takeTurnAgain: (request: RequestUnderWay) => void;
  /** Counts on in the order of all that happens at the upstream. */
  readonly nextOrder: () => number;
  /** How many requests may be left undecided. */
  readonly maxUndecided: () => number;
}

type Aim = Pick<LaneRequest, "url" | "model">;

/** So many requests in a row have to hit a cause before it is taken for everyone's. */
const enough = 3;

/** Causes that a success anywhere disproves; no connection is disproved by any answer. */
const everyones: readonly Cause["kind"][] = ["outage", "body", "key", "access", "quota", "rate", "daily"];

/** A request that hit a cause, and whose outcome depends on whose the cause is. */
interface Undecided {
  readonly request: RequestUnderWay;
  readonly back: Back;
  readonly end: Ended & { readonly cause: Cause };
  /** When, in the order of all that happens at the upstream. */
  readonly order: number;
}

/** Where one kind of cause holds: everywhere, at a url, or for a model at a url. */
interface Scope {
  readonly key: string;
  readonly isEverything: boolean;
  readonly undecided: Undecided[];
  /** Set once the cause is taken for everyone's there. */
  block?: OpenbatchError;
}

/**
 * The layer that decides whose a cause is, for one lane. A request that hits one is left undecided. It was the request's own where another one, sent after it was
 * hit, succeeds in the same scope: only then is its outcome told. After three such requests without a success between
 * it is everyone's: then all are withheld, and those still to come in the scope too. A success that was sent before
 * proves nothing: a key may have been withdrawn meanwhile. A request that never came to the server is never to blame: once others
 * come through it is sent again.
 */
export class CauseJudge implements Layer {
  readonly #below: Layer;
  readonly #options: CauseJudgeOptions;
  /** Those that were ever hit. */
  readonly #scopes = new Map<string, Scope>();
  /** The keys of the scopes in which there was a success. */
  readonly #proven = new Set<string>();
  #lastProven: Aim | undefined;
  #undecidedCount = 0;
  #stopCause: OpenbatchError | undefined;
  readonly #causes: OpenbatchError[] = [];

  constructor(below: Layer, options: CauseJudgeOptions) {
    this.#below = below;
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

  send(request: RequestUnderWay, back: Back): void {
    this.#below.send(request, (end) => this.#take(request, back, end));
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

  #take(request: RequestUnderWay, back: Back, end: AttemptEnd): void {
    if (end.kind === "cut short") return back(end);
    const order = this.#options.nextOrder();
    this.#learn(request, end);
    if (!hasCause(end)) return back(end);
    const scope = this.#scopeOf(end.cause, request.request);
    scope.undecided.push({ request, back, end, order });
    this.#undecidedCount++;
    // Before its turn is free: nothing more is to be sent into a cause that is everyone's.
    if (scope.block === undefined && scope.undecided.length >= enough) this.#block(scope);
    request.leaveUndecided();
    if (scope.block !== undefined) this.#withhold(scope, scope.block);
    else if (this.#undecidedCount > this.#options.maxUndecided()) this.#decideOldest();
  }

  #learn({ request, order }: RequestUnderWay, { outcome, cause }: Ended): void {
    if (outcome.kind === "unanswered") return;
    if (this.#undecidedCount > 0) this.#acquit("server", order);
    if (cause !== undefined || outcome.failure !== undefined) return void this.#proven.add("server");
    this.#remember(request);
    if (this.#undecidedCount === 0) return;
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
    while (scope !== undefined && (scope.undecided[0]?.order ?? order) < order) this.#settleOldest(scope);
  }

  #decideOldest(): void {
    const scopes = [...this.#scopes.values()].filter(({ undecided }) => undecided.length > 0);
    const [oldest] = scopes.sort((a, b) => (a.undecided[0]?.order ?? 0) - (b.undecided[0]?.order ?? 0));
    if (oldest !== undefined) this.#decide(oldest);
  }

  #decide(scope: Scope): void {
    if (scope.undecided.length === 0) return;
    const isOwn = this.#proven.has(scope.key) && !scope.undecided.some(({ end }) => isUnreached(end.cause));
    if (isOwn && scope.block === undefined) {
      while (scope.undecided.length > 0) this.#settleOldest(scope);
    } else {
      if (scope.block === undefined) this.#block(scope);
      this.#withhold(scope, scope.block);
    }
  }

  #settleOldest(scope: Scope): void {
    const undecided = scope.undecided.shift();
    if (undecided === undefined) return;
    this.#undecidedCount--;
    const { request, back, end } = undecided;
    if (!isUnreached(end.cause)) return back(end);
    this.#options.takeTurnAgain(request);
    if (!request.isOver) this.send(request, back);
  }

  #block(scope: Scope): void {
    const [first] = scope.undecided;
    if (first === undefined) return;
    const error = toCauseError(first.end.cause, this.#options.target, first.request.request);
    scope.block = error;
    this.#causes.push(error);
    if (scope.isEverything) this.#stopCause ??= error;
    this.#options.onCause(error, scope.isEverything);
  }

  #withhold(scope: Scope, cause: OpenbatchError | undefined): void {
    this.#undecidedCount -= scope.undecided.length;
    for (const { request } of scope.undecided.splice(0)) request.withhold(cause);
  }

  #scopeOf({ kind }: Cause, request: Aim): Scope {
    const key = scopeKey(kind, request);
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const scope: Scope = { key, isEverything: key === kind, undecided: [] };
    this.#scopes.set(key, scope);
    return scope;
  }
}

function hasCause(end: Ended): end is Undecided["end"] {
  return end.cause !== undefined;
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
