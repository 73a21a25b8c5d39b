import { FindingGroups, type FindingGroupsSnapshot } from "./finding-groups.js";
import { Tally, type TallySnapshot } from "./tally.js";

/** How much a summary holds, so that its memory stays flat whatever the file. */
export interface SummaryCapacity {
  /** Causes of each severity. */
  readonly causes: number;
  /** Names of each kind. */
  readonly names: number;
}

/** Sums over the lines seen. */
export interface LineTotals {
  lines: number;
  bytes: number;
  requests: number;
  blankLines: number;
  embeddingInputs: number;
  longestLine: { line: number; bytes: number };
}

/** What a {@link FileSummary} holds, as plain data that can be sent to another thread. */
export interface FileSummarySnapshot {
  readonly totals: Readonly<LineTotals>;
  readonly findings: FindingGroupsSnapshot;
  readonly endpoints: TallySnapshot;
  readonly models: TallySnapshot;
  readonly formats: TallySnapshot;
  /** Whether something did not fit, so that merging this would lose it. */
  readonly overflowed: boolean;
}

/** What is known of a stretch of lines. Summaries of stretches that follow each other merge into that of the whole. */
export class FileSummary {
  readonly totals: LineTotals = {
    lines: 0,
    bytes: 0,
    requests: 0,
    blankLines: 0,
    embeddingInputs: 0,
    longestLine: { line: 0, bytes: 0 },
  };
  readonly findings: FindingGroups;
  readonly endpoints: Tally;
  readonly models: Tally;
  /** By format name and schema: see `FormatReader`. */
  readonly formats: Tally;

  constructor({ causes, names }: SummaryCapacity) {
    this.findings = new FindingGroups(causes);
    this.endpoints = new Tally(names);
    this.models = new Tally(names);
    this.formats = new Tally(names);
  }

  merge(later: FileSummarySnapshot): void {
    const lineBase = this.totals.lines;
    this.findings.merge(later.findings, lineBase);
    this.endpoints.merge(later.endpoints, lineBase);
    this.models.merge(later.models, lineBase);
    this.formats.merge(later.formats, lineBase);
    const { longestLine, lines, bytes, requests, blankLines, embeddingInputs } = later.totals;
    this.#measure(longestLine.line + lineBase, longestLine.bytes);
    this.totals.lines += lines;
    this.totals.bytes += bytes;
    this.totals.requests += requests;
    this.totals.blankLines += blankLines;
    this.totals.embeddingInputs += embeddingInputs;
  }

  /** Counts a line, and gives its number. */
  addLine(length: number, terminated: boolean): number {
    this.totals.lines += 1;
    this.totals.bytes += terminated ? length + 1 : length;
    this.#measure(this.totals.lines, length);
    return this.totals.lines;
  }

  snapshot(): FileSummarySnapshot {
    const findings = this.findings.snapshot();
    const endpoints = this.endpoints.snapshot();
    const models = this.models.snapshot();
    const formats = this.formats.snapshot();
    const others = endpoints.others + models.others + formats.others;
    const overflowed = findings.overflowed || others > 0;
    return { totals: this.totals, findings, endpoints, models, formats, overflowed };
  }

  #measure(line: number, bytes: number): void {
    if (bytes > this.totals.longestLine.bytes) this.totals.longestLine = { line, bytes };
  }
}
