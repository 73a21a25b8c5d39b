import { BatchFile, type RequestLine, type RequestOutline } from "../batch-file/index.js";
import { withText } from "../errors/index.js";
import { toPath } from "../files/index.js";
import { assertCost } from "./assert-cost.js";
import type { BatchPlan, UnplacedRequest } from "./batch-plan.js";
import { type CountedTokens, type CountTuning, countTokens, defaultCountTuning } from "./count-tokens.js";
import { describeParts } from "./describe-parts.js";
import { listUnknowns } from "./list-unknowns.js";
import { cutParts, type Part } from "./parts/cut-parts.js";
import type { Obstacle } from "./parts/find-obstacle.js";
import { RequestTable } from "./parts/request-table.js";
import { writeParts } from "./parts/write-parts.js";
import { type PlanBatchFileOptions, type PlanSettings, readPlanSettings } from "./plan-options.js";
import { toPlanText } from "./plan-text.js";
import { loadPricing } from "./price/load-pricing.js";
import { Stretches } from "./tokens/stretches.js";
import { outputCounter } from "./tokens/token-counter.js";

const maxUnplaced = 1_000;

/**
 * Tells how a batch file will be cut into batches of a service, before anything is sent: each part within every limit, the
 * order of the file kept, as few parts and as even ones as the limits allow. With `to` it writes them. Together they are the
 * requests of the file, line for line and byte for byte; blank lines are left out.
 *
 * @throws OpenbatchError `invalid_batch_file` where a line holds no request that can be sent, `empty_file`, `invalid_option`,
 * those of a file that cannot be read or written; the signal's reason when aborted.
 *
 * @example
 * ```ts
 * import { planBatchFile } from "openbatch/plan";
 *
 * const plan = await planBatchFile("requests.jsonl", { provider: "openai" });
 * console.log(`${plan}`);
 * ```
 */
export async function planBatchFile(
  path: string | URL,
  options: PlanBatchFileOptions = {},
): Promise<BatchPlan> {
  return planInDetail(path, options, defaultCountTuning);
}

/** `planBatchFile`, with the choice of how tokens are counted. */
export async function planInDetail(
  path: string | URL,
  options: PlanBatchFileOptions,
  tuning: CountTuning,
): Promise<BatchPlan> {
  const settings = readPlanSettings(options);
  settings.signal?.throwIfAborted();
  const draft = new Draft(settings, tuning);
  const { signal, onRead } = settings;
  const batchFile = await BatchFile.open(toPath(path), {
    ...{ signal, onRead, isHashed: settings.countTokens },
    ...(settings.translator === undefined
      ? { onOutline: (...request) => draft.addOutline(...request) }
      : { onRequest: (...request) => draft.addRequest(...request) }),
  });
  try {
    // That each is there once is known now, and the tables of tokens need the room.
    batchFile.forgetIds();
    return await draft.finish(batchFile);
  } finally {
    batchFile.close();
  }
}

class Draft {
  readonly table: RequestTable;
  readonly stretches = new Stretches();
  readonly #settings: PlanSettings;
  readonly #tuning: CountTuning;
  readonly #unplaced: UnplacedRequest[] = [];
  #unplacedCount = 0;

  constructor(settings: PlanSettings, tuning: CountTuning) {
    this.#settings = settings;
    this.#tuning = tuning;
    const { profile, translator, countTokens } = settings;
    const counter = countTokens ? outputCounter : undefined;
    this.table = new RequestTable(profile, settings, { counter, translator });
  }

  /** Where nothing is translated; tokens are counted later. */
  addOutline(request: RequestOutline, line: number, bytes: number, offset: number): void {
    this.#take(request, this.table.addOutline(request, line, bytes + 1), { line, offset });
  }

  addRequest(request: RequestLine, line: number, bytes: number, offset: number): void {
    this.#take(request, this.table.add(request, line, bytes + 1), { line, offset });
  }

  #take(
    { custom_id }: RequestOutline,
    obstacle: Obstacle | undefined,
    { line, offset }: { readonly line: number; readonly offset: number },
  ): void {
    this.stretches.add(line, offset);
    if (obstacle !== undefined) this.#addUnplaced({ line, custom_id, ...obstacle });
  }

  #addUnplaced(request: UnplacedRequest): void {
    this.#unplacedCount += 1;
    if (this.#unplaced.length < maxUnplaced) this.#unplaced.push(request);
  }

  async finish(batchFile: BatchFile): Promise<BatchPlan> {
    const { profile, translator, maxCost, outputShare } = this.#settings;
    const isAsItStands = translator === undefined;
    if (isAsItStands && !batchFile.isTerminated && this.table.lines === batchFile.lines)
      this.table.shortenLast();
    const counted = await this.#countTokens(batchFile);
    const range = counted?.sample?.range;
    const parts = cutParts(this.table);
    const pricing = this.#settings.countTokens ? await loadPricing(profile, this.#settings) : undefined;
    const { price } = describeParts(this.table, parts, { files: [], pricing, range });
    if (maxCost !== undefined) assertCost(price, maxCost);
    const files = await this.#write(batchFile, parts);
    const { unpriced, ...described } = describeParts(this.table, parts, {
      ...{ files, pricing, range, outputShare },
    });
    const plan: BatchPlan = {
      ...{ file: batchFile.path, provider: profile.name },
      ...{ requests: batchFile.requests, bytes: batchFile.bytes },
      ...described,
      ...{ unplaced: this.#unplaced, unplacedCount: this.#unplacedCount },
      ...(isAsItStands ? {} : { warnings: this.table.warnings.list() }),
      unknowns: listUnknowns(profile, {
        ...{ parts: parts.length, unpriced },
        isTokenizerMissing: counted?.isTokenizerMissing === true,
        sampled: counted?.sample?.requests,
        isPriced: pricing !== undefined,
      }),
    };
    return withText(plan, toPlanText);
  }

  async #countTokens(batchFile: BatchFile): Promise<CountedTokens | undefined> {
    if (!this.#settings.countTokens) return undefined;
    const [settings, tuning] = [this.#settings, this.#tuning];
    const stretches = this.stretches.list(batchFile.bytes);
    return countTokens(batchFile, { table: this.table, stretches }, { settings, tuning });
  }

  /** Parts without some of the requests would lose them: then none is written. */
  async #write(batchFile: BatchFile, parts: readonly Part[]): Promise<readonly string[]> {
    const { folder, overwrite, signal, onRead, translator } = this.#settings;
    if (folder === undefined || this.#unplacedCount > 0) return [];
    return writeParts(batchFile, this.table, parts, { folder, overwrite, signal, onRead, translator });
  }
}
