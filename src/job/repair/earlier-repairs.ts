import { existsSync } from "node:fs";
import { isObject } from "../../api/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { readOutputLimit } from "../../outcome/index.js";
import { openResults, type Results } from "../../results/index.js";
import { findLimit } from "./repair-body.js";

export interface RepairFiles {
  readonly requests: string;
  readonly output: string;
}

/** What the repairs before have asked for, and what the service said to it. */
export class EarlierRepairs {
  readonly #repairs: readonly Results[];
  readonly #longest = new Map<unknown, number>();

  static async open(files: readonly RepairFiles[]): Promise<EarlierRepairs> {
    const repairs: Results[] = [];
    for (const { requests, output } of files)
      if (existsSync(output)) repairs.push(await openResults({ requests, results: output }));
    const earlier = new EarlierRepairs(repairs);
    await earlier.#learn();
    return earlier;
  }

  private constructor(repairs: readonly Results[]) {
    this.#repairs = repairs;
  }

  /** How many tokens an answer of the model may have, where a repair was refused for it. */
  longestOf(model: unknown): number | undefined {
    return this.#longest.get(model);
  }

  /** The highest limit at which the request was answered. */
  async findLimit(custom_id: string): Promise<number | undefined> {
    for (const repair of [...this.#repairs].reverse()) {
      const result = await repair.get(custom_id);
      if (result?.status !== "succeeded") continue;
      const body = await readBody(repair, custom_id);
      const name = body && findLimit(body);
      return name === undefined ? undefined : Number(body?.[name]);
    }
    return undefined;
  }

  async close(): Promise<void> {
    for (const repair of this.#repairs) await repair.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #learn(): Promise<void> {
    for (const repair of this.#repairs) {
      for await (const result of repair) {
        const limit = result.status === "failed" ? readOutputLimit(result.error.message) : undefined;
        if (limit === undefined) continue;
        this.#longest.set((await readBody(repair, result.custom_id))?.model, limit);
      }
    }
  }
}

async function readBody(repair: Results, custom_id: string) {
  const request = tryParseJson((await repair.readRequest(custom_id)) ?? "");
  return isObject(request) && isObject(request.body) ? request.body : undefined;
}
