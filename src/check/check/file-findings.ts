import { recogniseEndpoint } from "../../api/index.js";
import { type Code, formatCount, hintOf, type Problem, type Severity } from "../../errors/index.js";
import type { OpenedSource } from "../../files/index.js";
import { byteLimitOf, type Fact, type Profile } from "../../providers/index.js";
import { formatNameOf } from "../lines/format-reader.js";
import type { FileSummary } from "../report/file-summary.js";
import { type Finding, maxListedLines } from "../report/finding.js";
import { profileOf } from "../report/profile-of.js";
import type { ValidationTarget } from "../report/report-fields.js";
import type { Tally, TallyEntry } from "../report/tally.js";

export interface FileFindingsOptions {
  readonly target: ValidationTarget;
  /** The path of the file; "-" for standard input. */
  readonly name: string;
  readonly kind: OpenedSource["kind"];
}

const nothingToDo =
  "Nothing to do: openbatch plan cuts the file into parts, and openbatch run sends it request by request.";

/** What is wrong with a file as a whole. */
export function findInFile(summary: FileSummary, options: FileFindingsOptions): Finding[] {
  return [
    ...findWrongName(options),
    ...findNoRequest(summary),
    ...findOverLimits(summary, options),
    ...findOverTrial(summary, options),
    ...findMixture("mixed_endpoints", "endpoint", meantUrls(summary.endpoints, options), options),
    ...findMixture("mismatched_model", "model", summary.models, options),
    ...findNameConflicts(summary.formats),
  ];
}

function findWrongName({ target, name, kind }: FileFindingsOptions): Finding[] {
  if (target === "openbatch" || kind === "pipe") return [];
  if (kind === "compressed") {
    const message = "The file is compressed; the service takes it only as plain text.";
    return [
      aboutFile("error", "invalid_file_name", message, "Decompress it before it is uploaded: gunzip FILE."),
    ];
  }
  const { needsJsonlName } = profileOf(target).limits;
  if (name.endsWith(".jsonl") || !needsJsonlName.value) return [];
  const severity = severityOf(needsJsonlName, target);
  return [aboutFile(severity, "invalid_file_name", "The file name does not end with .jsonl.")];
}

function findNoRequest({ totals }: FileSummary): Finding[] {
  if (totals.requests > 0) return [];
  const found = totals.bytes === 0 ? "The file is empty." : "The file has no line that is not blank.";
  return [aboutFile("error", "empty_file", found)];
}

function findOverLimits(summary: FileSummary, { target }: FileFindingsOptions): Finding[] {
  const profile = profileOf(target);
  const where = profile.name === "openai" ? "for one batch" : `for one batch of ${profile.title}`;
  return toOverLimits(listLimits(profile, summary), { where, toHint: (code) => toDo(target, code), target });
}

interface Saying {
  readonly where: string;
  readonly toHint: (code: Code) => string;
  readonly target: ValidationTarget;
}

function toOverLimits(limits: readonly Limit[], { where, toHint, target }: Saying): Finding[] {
  return limits
    .filter(({ found, limit }) => found > limit)
    .map(({ code, found, limit, unit, fact }) => {
      const message = `${formatCount(found)} ${unit} are over the limit of ${formatCount(limit)} ${where}.`;
      return aboutFile(severityOf(fact, target), code, message, toHint(code));
    });
}

/** What a file is over that has a request for trying a batch out: such a batch takes less. */
function findOverTrial({ totals, endpoints }: FileSummary, { target }: FileFindingsOptions): Finding[] {
  const { title, trial } = profileOf(target);
  if (trial === undefined || !endpoints.entries.has(trial.value.url)) return [];
  const { url, requests, megabytes } = trial.value;
  const limits = { requests: { ...trial, value: requests }, megabytes: { ...trial, value: megabytes } };
  return toOverLimits(
    [
      ...toLimit("too_many_requests", totals.requests, "requests", limits.requests),
      ...toSizeLimit(totals.bytes, limits),
    ],
    { where: `for one batch of ${title} with ${url}`, toHint: () => "Try fewer requests out.", target },
  );
}

interface Limit {
  readonly code: Code;
  readonly found: number;
  readonly limit: number;
  readonly unit: string;
  readonly fact: Pick<Fact<unknown>, "isVerified">;
}

function listLimits({ limits }: Profile, { totals, endpoints }: FileSummary): Limit[] {
  const { requests, embeddingRequests, embeddingInputs } = limits;
  const embeddings = meantEndpoints(endpoints).entries.get("/v1/embeddings")?.count ?? 0;
  return [
    ...toLimit("too_many_requests", totals.requests, "requests", requests),
    ...toLimit("too_many_requests", embeddings, "requests for embeddings", embeddingRequests),
    ...toSizeLimit(totals.bytes, limits),
    ...toLimit("too_many_embedding_inputs", totals.embeddingInputs, "embedding inputs", embeddingInputs),
  ];
}

function toLimit(code: Code, found: number, unit: string, fact: Fact<number> | undefined): Limit[] {
  return fact === undefined ? [] : [{ code, found, limit: fact.value, unit, fact }];
}

/** Between the two readings of MB nobody knows. */
function toSizeLimit(bytes: number, limits: Parameters<typeof byteLimitOf>[0]): Limit[] {
  const size = byteLimitOf(limits);
  if (size === undefined) return [];
  const isVerified = size.fact.isVerified && bytes > size.most;
  return [{ code: "file_too_large", found: bytes, limit: size.safe, unit: "bytes", fact: { isVerified } }];
}

/** What is no error where the file is not uploaded, and only likely where nobody has confirmed it. */
function severityOf({ isVerified }: Pick<Fact<unknown>, "isVerified">, target: ValidationTarget): Severity {
  if (target === "openbatch") return "note";
  return isVerified ? "error" : "warning";
}

function toDo(target: ValidationTarget, code: Code): string {
  return target === "openbatch" ? nothingToDo : hintOf(code);
}

/** Requests by the endpoint that their url means: one that is only miswritten, or no endpoint, is a finding of its line. */
function meantEndpoints(urls: Tally): Pick<Tally, "entries" | "others"> {
  return groupUrls(urls, recogniseEndpoint);
}

/** The same by url, where a service has several for one endpoint: a batch takes one of them, as it is written. */
function meantUrls(urls: Tally, { target }: FileFindingsOptions): Pick<Tally, "entries" | "others"> {
  const known = profileOf(target).urls.value;
  return groupUrls(urls, (url) => {
    if (Object.hasOwn(known, url)) return url;
    const endpoint = recogniseEndpoint(url);
    return Object.keys(known).find((each) => endpoint !== undefined && known[each] === endpoint) ?? endpoint;
  });
}

function groupUrls(
  { entries }: Tally,
  toMeant: (url: string) => string | undefined,
): Pick<Tally, "entries" | "others"> {
  const grouped = new Map<string, TallyEntry>();
  for (const [url, entry] of entries) {
    const meant = toMeant(url);
    if (meant === undefined) continue;
    const known = grouped.get(meant);
    grouped.set(meant, { ...joinEntries(known === undefined ? [entry] : [known, entry], 0) });
  }
  return { entries: grouped, others: 0 };
}

/** One finding for all requests that do not agree with the greater part of the file. */
function findMixture(
  code: "mixed_endpoints" | "mismatched_model",
  noun: string,
  { entries, others }: Pick<Tally, "entries" | "others">,
  { target }: FileFindingsOptions,
): Finding[] {
  const { limits } = profileOf(target);
  const rule = code === "mixed_endpoints" ? limits.endpoints : limits.models;
  if (entries.size < 2 || rule.value === "several") return [];
  const [most, ...rest] = [...entries].sort(([, one], [, other]) => other.count - one.count);
  const minority = joinEntries(
    rest.map(([, entry]) => entry),
    others,
  );
  const names = [most, ...rest].flatMap((entry) => (entry === undefined ? [] : [entry]));
  const message = `${formatCount(entries.size)}${others > 0 ? " and more" : ""} ${noun}s in one file: ${listNames(names)}.`;
  const severity = severityOf(rule, target);
  return [toFinding({ severity, code, path: "", message, hint: toDo(target, code), ...minority })];
}

/** Requests whose schema is not the one that their format name was first used with. */
function findNameConflicts({ entries }: Tally): Finding[] {
  const byName = new Map<string, TallyEntry[]>();
  for (const [key, entry] of entries) {
    const name = formatNameOf(key);
    byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  return [...byName].flatMap(([name, [first, ...rest]]) => {
    if (first === undefined || rest.length === 0) return [];
    const message = `The schema of format ${JSON.stringify(name)} is not the one of line ${first.lines[0]}.`;
    const hint = hintOf("format_name_conflict");
    return [
      toFinding({
        ...{ severity: "warning", code: "format_name_conflict", path: "body", message, hint },
        ...joinEntries(rest, 0),
      }),
    ];
  });
}

interface Occurrences {
  readonly count: number;
  readonly lines: number[];
  readonly custom_id: string | undefined;
}

function joinEntries(entries: readonly TallyEntry[], others: number): Occurrences {
  const byLine = [...entries].sort((one, other) => (one.lines[0] ?? 0) - (other.lines[0] ?? 0));
  const lines = byLine.flatMap((entry) => entry.lines).sort((one, other) => one - other);
  return {
    count: entries.reduce((sum, { count }) => sum + count, others),
    lines: lines.slice(0, maxListedLines),
    custom_id: byLine[0]?.custom_id,
  };
}

function toFinding({ code, severity, path, message, hint, ...found }: Problem & Occurrences): Finding {
  const { count, lines, custom_id } = found;
  return {
    ...{ severity, code },
    ...(lines[0] === undefined ? {} : { line: lines[0] }),
    ...{ lines, lineCount: count, count },
    ...(custom_id === undefined ? {} : { custom_id }),
    ...{ path, message, hint },
  };
}

function aboutFile(severity: Severity, code: Code, message: string, hint = hintOf(code)): Finding {
  return { severity, code, lines: [], lineCount: 0, count: 1, path: "", message, hint };
}

function listNames(names: readonly (readonly [string, TallyEntry])[]): string {
  const listed = names
    .slice(0, 5)
    .map(([name, { count }]) => `${JSON.stringify(name)} (${formatCount(count)})`);
  return `${listed.join(", ")}${names.length > listed.length ? ", …" : ""}`;
}
