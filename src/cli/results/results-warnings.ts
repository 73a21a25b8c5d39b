import { countOf, formatCount } from "../../errors/index.js";
import type { RunningProcess } from "../../execute.js";
import type { Stray, StrayKind } from "../../index.js";
import { toFormulaNotes } from "../frame/formula-note.js";
import { quoteName } from "../frame/quoting.js";
import type { ResultsOutcome } from "./results-actions.js";

/** What is worth a word beside the numbers, in sentences. */
export function toWarnings(outcome: ResultsOutcome): readonly string[] {
  const { inputs, summary, table } = outcome;
  const { file, requests } = inputs;
  return [
    ...(isMadeUp(outcome)
      ? ["These answers are made up: they come from a rehearsal, and no model was asked."]
      : []),
    ...(requests === undefined
      ? [
          `${file === "-" ? "Standard input" : file} is read as a results file, without its batch file: what is missing cannot be told. Name both: openbatch results REQUESTS --results FILE.`,
        ]
      : []),
    ...(summary.counts.total === 0 ? ["There is no result at all."] : []),
    ...toRunWarnings(outcome),
    ...toStrayWarnings(outcome),
    ...(table?.absentColumns ?? []).map(
      ({ name, nearest }) =>
        `No result has ${JSON.stringify(name)}: the column is empty.${nearest === undefined ? "" : ` Did you mean ${JSON.stringify(nearest)}?`}`,
    ),
    ...toDeepWarnings(outcome),
    ...toJoinWarnings(outcome),
    ...toFormulaNotes(table?.changedCells ?? 0),
    ...toImageWarnings(outcome),
  ];
}

/** Whether answers come from a rehearsal, as the name of the file, the record of the run or a model tells. */
export function isMadeUp({ inputs, summary, time }: ResultsOutcome): boolean {
  return (
    inputs.isRehearsal ||
    time?.isRehearsal === true ||
    Object.keys(summary.models).some((model) => model.startsWith("rehearsal-"))
  );
}

/** A run under way may still bring what is missing; one that did not get to its end goes on. */
function toRunWarnings({ time, summary }: ResultsOutcome): readonly string[] {
  const { missing } = summary.counts;
  if (time === undefined || missing === 0) return [];
  if (time.underWay !== undefined) return [toUnderWayWarning(time.underWay, missing)];
  if (time.state === "completed") return [];
  const how = time.state === "unfinished" ? "did not get to its end" : `was ${time.state}`;
  const cause = time.cause === undefined ? "" : ` (${time.cause})`;
  return [
    `The last run ${how}${cause}: the same openbatch run command goes on with the ${countOf(missing, "request")} without a result.`,
  ];
}

function toUnderWayWarning({ pid, host, startedAt }: RunningProcess, missing: number): string {
  const requests = countOf(missing, "request");
  return `A run is under way (process ${pid} on ${quoteName(host)}, since ${startedAt}): ${requests} ${missing === 1 ? "has" : "have"} no result yet.`;
}

const strayKinds: Readonly<Record<StrayKind, string>> = {
  no_request: "of a request that is not in the batch file",
  broken_line: "not one whole JSON object",
  no_custom_id: "without a custom_id",
  foreign_line: "in the shape of another service",
  duplicate: "of a request that has another result",
  broken_request: "of the batch file, whose custom_id cannot be read",
  duplicate_request: "of the batch file, with the custom_id of an earlier line",
};

const listedStrays = 5;

function toStrayWarnings({ summary }: ResultsOutcome): readonly string[] {
  const { count, listed, kinds } = summary.strays;
  if (count === 0) return [];
  const lines = `${countOf(count, "line")} ${count === 1 ? "belongs" : "belong"}`;
  const among = count > listed.length ? `, of the first ${formatCount(listed.length)}` : "";
  const causes = Object.entries(strayKinds)
    .map(([kind, words]) => ({
      words: kind === "foreign_line" ? toForeignWords(listed) : words,
      count: kinds[kind as StrayKind] ?? 0,
    }))
    .filter((cause) => cause.count > 0)
    .map((cause) => `${formatCount(cause.count)} ${cause.words}`);
  const places = listed.slice(0, listedStrays).map(({ file, line }) => `${file}:${line}`);
  const more = count > places.length ? ", …" : "";
  return [`${lines} to no result${among}: ${causes.join(", ")} (${places.join(", ")}${more}).`];
}

function toForeignWords(strays: readonly Stray[]): string {
  const services = new Set(strays.flatMap(({ service }) => service ?? []));
  return `${strayKinds.foreign_line} (${[...services].join(", ")})`;
}

function toDeepWarnings({ table }: ResultsOutcome): readonly string[] {
  if (table === undefined || table.deepCells.count === 0) return [];
  const { count, listed } = table.deepCells;
  const shown = listed.map(({ custom_id, column }) => `${column} of ${quoteName(custom_id)}`);
  return [`${countOf(count, "cell")} left empty, nested too deeply to be written: ${toList(shown, count)}.`];
}

function toJoinWarnings({ table }: ResultsOutcome): readonly string[] {
  if (table === undefined || !("rowsWithoutResult" in table)) return [];
  const { rowsWithoutResult: rows, resultsWithoutRow: results } = table;
  return [
    ...(rows.count === 0
      ? []
      : [`${countOf(rows.count, "row")} without a result: ${toList(rows.listed.map(String), rows.count)}.`]),
    ...(results.count === 0
      ? []
      : [
          `${countOf(results.count, "result")} without a row, not in the table: ${toList(results.listed.map(quoteName), results.count)}.`,
        ]),
  ];
}

function toImageWarnings({ images }: ResultsOutcome): readonly string[] {
  if (images === undefined || images.unsaved.count === 0) return [];
  const { count, listed } = images.unsaved;
  const shown = listed
    .slice(0, 10)
    .map(({ custom_id, url }) => `${quoteName(custom_id)} ${url === undefined ? "(not base64)" : url}`);
  return [
    `${countOf(count, "image")} not saved, for only a url names them; nothing was fetched: ${toList(shown, count)}.`,
  ];
}

function toList(shown: readonly string[], count: number): string {
  return `${shown.join(", ")}${count > shown.length ? ", …" : ""}`;
}
