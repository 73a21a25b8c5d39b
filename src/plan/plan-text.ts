import { countOf, formatCount, toPlainText } from "../errors/index.js";
import { findProfile } from "../providers/index.js";
import type { BatchPlan, PlannedPart, UnplacedRequest } from "./batch-plan.js";
import { toTable } from "./plan-table.js";

const maxListed = 20;

/** A plan for people: a table of its parts, within 80 columns. */
export function toPlanText(plan: BatchPlan): string {
  const { file, provider, requests, bytes, parts, unplaced, unplacedCount, unknowns } = plan;
  const where = provider === "custom" ? "" : ` for ${findProfile(provider).title}`;
  const head = `${toPlainText(file)}${where}: ${countOf(requests, "request")}, ${toSize(bytes)}, in ${countOf(parts.length, "batch", "batches")}`;
  return [
    head,
    ...(parts.length === 0 ? [] : ["", ...toPartLines(parts)]),
    ...toMore(parts.length - maxListed, "more parts"),
    ...(unplacedCount === 0 ? [] : ["", `${countOf(unplacedCount, "request")} that no batch can hold:`]),
    ...unplaced.slice(0, maxListed).flatMap(toUnplacedLines),
    ...toMore(unplacedCount - maxListed, "more requests"),
    ...(unknowns.length === 0 ? [] : ["", ...unknowns]),
  ].join("\n");
}

function toPartLines(parts: readonly PlannedPart[]): readonly string[] {
  const rows = parts.slice(0, maxListed).map(({ number, urls, models, requests, bytes }) => [
    `${number}`,
    listNames(
      urls.map((url) => url.replace(/^\/v\d+\//, "")),
      "endpoints",
    ),
    listNames(models, "models"),
    formatCount(requests),
    toSize(bytes),
  ]);
  return toTable(["part", "endpoint", "model", "requests", "size"], rows, { left: [1, 2], narrow: 2 });
}

function listNames(names: readonly string[], noun: string): string {
  const [name = "", ...others] = names;
  return others.length === 0 ? toPlainText(name) : `${names.length} ${noun}`;
}

function toUnplacedLines({ line, custom_id, code, message, hint }: UnplacedRequest): readonly string[] {
  const id = toPlainText(JSON.stringify(custom_id.length > 64 ? `${custom_id.slice(0, 60)}…` : custom_id));
  return [`  line ${line}, custom_id ${id}: ${code}: ${message}`, `    hint: ${hint}`];
}

function toMore(count: number, noun: string): readonly string[] {
  return count > 0 ? [`  … and ${formatCount(count)} ${noun}`] : [];
}

function toSize(bytes: number): string {
  if (bytes < 1_000_000) return `${formatCount(bytes)} bytes`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
