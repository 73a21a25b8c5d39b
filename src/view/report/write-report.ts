import { createHash } from "node:crypto";
import { basename } from "node:path";
import { assertOptions, countOption, flagOption, type OptionRules, signalOption } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { toPath, writeOutput } from "../../files/index.js";
import { type PageFiles, readPageFiles } from "../routes/page-files.js";
import type { FollowableSource } from "../source/view-source.js";
import { openViewedFiles, type ViewedFiles } from "../source/viewed-files.js";
import type { ReportContent, ReportRow } from "../wire/report-content.js";
import type { SourceSummary } from "../wire/source-summary.js";
import { type ChosenRow, chooseRows } from "./choose-rows.js";

export interface WriteReportOptions {
  /** How many rows it may hold. By default 1,000. */
  readonly maxRows?: number | undefined;
  /** Whether a file that is there already is replaced. False by default: then it is an error. */
  readonly overwrite?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was written. */
export interface WrittenReport {
  /** Rows that it holds, and how many there are. */
  readonly rows: number;
  readonly total: number;
}

const rules: OptionRules<WriteReportOptions> = {
  maxRows: countOption,
  overwrite: flagOption,
  signal: signalOption,
};

/**
 * Writes what became of the requests of a batch as one page to send to somebody: all counts, and up to 1,000 rows with their
 * requests and answers, some of every cause. It needs no server and no network, and loads nothing.
 *
 * @throws {OpenbatchError} `file_exists` and others of a file that cannot be written, or why the results cannot be read.
 *
 * @example
 * ```ts
 * import { writeReport } from "openbatch/view";
 *
 * await writeReport("report.html", { requests: "requests.jsonl", results: ["output.jsonl"] });
 * ```
 */
export async function writeReport(
  path: string | URL,
  files: ViewedFiles,
  options: WriteReportOptions = {},
): Promise<WrittenReport> {
  assertOptions(options, rules);
  const { maxRows = 1000, overwrite = false, signal } = options;
  const page = readPageFiles();
  const source = await openViewedFiles("1", files);
  const stop = (): void => void source.close();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await source.whenRead;
    signal?.throwIfAborted();
    const { failure } = source.summary();
    if (failure !== undefined)
      throw new OpenbatchError("unreadable_input", failure.message, { hint: failure.hint });
    const content = await readContent(source, await chooseRows(source, maxRows));
    await writeOutput(toPath(path), { overwrite }, (output) => output.writeFile(toHtml(page, content)));
    return { rows: content.rows.length, total: content.summary.total };
  } finally {
    signal?.removeEventListener("abort", stop);
    await source.close();
  }
}

const nothing = { outcomes: [], cause: undefined, values: [], text: undefined };

async function readContent(source: FollowableSource, chosen: readonly ChosenRow[]): Promise<ReportContent> {
  const all = { ...nothing, onlyDifferent: false };
  const rows: ReportRow[] = [];
  let columns: readonly string[] = [];
  for (const { row, cause } of chosen) {
    const page = await source.readPage({ from: row, count: 1, filter: all, columns: [] });
    const detail = await source.readDetail(row, { ...nothing, onlyDifferent: true });
    const [cells] = page.rows;
    columns = page.columns;
    if (cells === undefined || detail === undefined) continue;
    const isDifferent = detail.other !== undefined && detail.position !== undefined;
    rows.push({
      cells,
      cause,
      isDifferent,
      detail: { ...detail, file: detail.file && basename(detail.file) },
    });
  }
  return { summary: withoutFolders(source.summary()), activity: await source.activity(), columns, rows };
}

/** Whoever gets the page need not know how the folders of its writer are called. */
function withoutFolders(summary: SourceSummary): SourceSummary {
  const { requests, results } = summary;
  return {
    ...summary,
    requests: requests && basename(requests),
    results: results.map((file) => basename(file)),
  };
}

/** Its policy lets no other script run than the one that is in it, and lets it ask for nothing. */
function toHtml({ script, style }: PageFiles, content: ReportContent): string {
  // What would end the element in the midst of a text.
  const code = script.text.replaceAll("</script", "<\\/script");
  const data = JSON.stringify(content).replaceAll("<", "\\u003c");
  const policy = `default-src 'none'; script-src ${toHash(code)}; style-src ${toHash(style.text)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>openbatch</title>
<link rel="icon" href="data:,">
<style>${style.text}</style>
</head>
<body>
<div id="page"><p>The report needs JavaScript.</p></div>
<script type="application/json" id="report">${data}</script>
<script type="module">${code}</script>
</body>
</html>
`;
}

function toHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
