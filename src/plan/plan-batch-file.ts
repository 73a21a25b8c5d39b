import { BatchFile } from "../batch-file/index.js";
import { withText } from "../errors/index.js";
import { toPath } from "../files/index.js";
import type { BatchPlan, PlannedPart, UnplacedRequest } from "./batch-plan.js";
import { listUnknowns } from "./list-unknowns.js";
import { cutParts, type Part } from "./parts/cut-parts.js";
import { PartFinder } from "./parts/part-finder.js";
import { RequestTable } from "./parts/request-table.js";
import { writeParts } from "./parts/write-parts.js";
import { type PlanBatchFileOptions, type PlanSettings, readPlanSettings } from "./plan-options.js";
import { toPlanText } from "./plan-text.js";

const maxUnplaced = 1_000;
const maxNames = 100;

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
  const settings = readPlanSettings(options);
  settings.signal?.throwIfAborted();
  const draft = new Draft(settings);
  const { signal, onRead } = settings;
  const batchFile = await BatchFile.open(toPath(path), {
    ...{ signal, onRead },
    onRequest: (request, line, bytes) => {
      const obstacle = draft.table.add(request, line, bytes + 1);
      if (obstacle !== undefined) draft.addUnplaced({ line, custom_id: request.custom_id, ...obstacle });
    },
  });
  try {
    return await draft.finish(batchFile);
  } finally {
    batchFile.close();
  }
}

class Draft {
  readonly table: RequestTable;
  readonly #settings: PlanSettings;
  readonly #unplaced: UnplacedRequest[] = [];
  #unplacedCount = 0;

  constructor(settings: PlanSettings) {
    this.#settings = settings;
    this.table = new RequestTable(settings.profile, settings);
  }

  addUnplaced(request: UnplacedRequest): void {
    this.#unplacedCount += 1;
    if (this.#unplaced.length < maxUnplaced) this.#unplaced.push(request);
  }

  async finish(batchFile: BatchFile): Promise<BatchPlan> {
    const { profile } = this.#settings;
    if (!batchFile.isTerminated && this.table.lines === batchFile.lines) this.table.shortenLast();
    const parts = cutParts(this.table);
    const files = await this.#write(batchFile, parts);
    const plan: BatchPlan = {
      ...{ file: batchFile.path, provider: profile.name },
      ...{ requests: batchFile.requests, bytes: batchFile.bytes },
      parts: toPlannedParts(this.table, parts, files),
      ...{ unplaced: this.#unplaced, unplacedCount: this.#unplacedCount },
      unknowns: listUnknowns(profile, parts.length),
    };
    return withText(plan, toPlanText);
  }

  /** Parts without some of the requests would lose them: then none is written. */
  async #write(batchFile: BatchFile, parts: readonly Part[]): Promise<readonly string[]> {
    const { folder, overwrite, signal, onRead } = this.#settings;
    if (folder === undefined || this.#unplacedCount > 0) return [];
    return writeParts(batchFile, this.table, parts, { folder, overwrite, signal, onRead });
  }
}

function toPlannedParts(
  table: RequestTable,
  parts: readonly Part[],
  files: readonly string[],
): readonly PlannedPart[] {
  const names = parts.map(() => ({ urls: new Set<string>(), models: new Set<string>() }));
  const finder = new PartFinder(table, parts);
  for (let line = 1; line <= table.lines; line += 1) {
    const kind = table.kindOf(line);
    const found = names[finder.find(line) ?? -1];
    if (kind === undefined || found === undefined) continue;
    if (found.urls.size < maxNames) found.urls.add(kind.url);
    if (kind.model !== undefined && found.models.size < maxNames) found.models.add(kind.model);
  }
  return parts.map(({ requests, bytes, embeddingInputs, firstLine, lastLine }, index) => ({
    number: index + 1,
    urls: [...(names[index]?.urls ?? [])],
    models: [...(names[index]?.models ?? [])],
    ...{ requests, bytes, embeddingInputs, firstLine, lastLine },
    ...(files[index] === undefined ? {} : { file: files[index] }),
  }));
}
