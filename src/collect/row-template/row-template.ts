import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { type Endpoint, listColumns, nearestColumn, type RequestTarget, toRecord } from "../../api/index.js";
import { hintOf, type OpenbatchError, type Problem } from "../../errors/index.js";
import type { ReadyMadeRequest } from "../collector/collector-parameters.js";
import {
  createFiller,
  type FillerContext,
  isConstant,
  readCell,
  type TemplateRow,
  type UsedColumn,
} from "./row-filler.js";
import { toImageUrl } from "./row-image.js";
import { hashedId, type RowTemplateParts, toTemplateParts } from "./row-template-parts.js";
import { assertSampleValid } from "./row-template-sample.js";
import { type RowTemplateSource, readTemplateSource } from "./row-template-source.js";

/** Turns rows of a table into requests. */
export interface RowTemplate {
  readonly url: Endpoint;
  /** The columns that the template names, each once: `name`, or `user.name` for a path into a JSON row. */
  readonly columns: readonly string[];
  /** Whether the id of a request is a hash of it, so that rows that ask the same share one request. */
  readonly isHashed: boolean;
  /** Throws `invalid_template` if the template names a column that is not among those of a table. */
  assertColumns(columns: readonly string[]): void;
  /** The cells of a row that its prompt is made of, as they stand there; null for one that has no value. */
  promptCells(row: TemplateRow): readonly PromptCell[];
  /**
   * The request for a row, to be given to `collector.add`.
   *
   * @throws {OpenbatchError} `missing_variable`, `null_cell` or `invalid_image`, naming row and column.
   */
  toRequest(row: TemplateRow): ReadyMadeRequest;
  /** The `custom_id` of that request alone. Throws what `toRequest` throws of what the id is made of. */
  toId(row: TemplateRow): string;
}

/** A cell of a row that stands in the prompt. */
export interface PromptCell {
  readonly column: string;
  readonly text: string | null;
}

export interface LoadRowTemplateOptions {
  /** What a null cell is written as. By default what the template says (`null_text`), or else a null cell is an error. */
  readonly nullText?: string;
  /** Parameters to let through although the tables of openbatch do not know them: all, or those named. Default none. */
  readonly allowUnknownParameters?: boolean | readonly string[];
  /**
   * Where the requests are to go, as for the collector: with "openbatch" the template is held to the shape of its endpoint
   * alone. Default "upload".
   */
  readonly target?: RequestTarget;
  /** The folder in which the paths of local images start, and which they must not leave. By default the current one. */
  readonly imageFolder?: string;
  /** Bytes that a local image may have. Default 20 MiB. */
  readonly maxImageBytes?: number;
  /** Gets what the service may refuse in the schema, and that all rows make the same request. By default nobody is told. */
  readonly onWarning?: (warning: Problem) => void;
}

const defaultMaxImageBytes = 20_971_520;

/**
 * Loads a template in YAML or JSON: `endpoint`, `custom_id`, `parameters`, one of `messages`, `input` and `prompt`, and `schema`
 * with `schema_name` and `schema_strict`, and `null_text`.
 *
 * `{column}` in a string stands for the row's value of that column; `{{` and `}}` are plain braces. That holds for `custom_id`,
 * `messages`, `input`, `prompt` and the strings in `parameters`, but not in `tools`, `functions`, `text` and `response_format`.
 * What comes out is always text; objects and arrays are written as JSON. The path of a local image becomes a data URL.
 *
 * @throws {OpenbatchError} `invalid_template` with file and line for everything that can be seen without a row.
 *
 * @example
 * ```ts
 * import { BatchCollector, loadRowTemplate, readRows } from "openbatch";
 *
 * const template = await loadRowTemplate("template.yaml");
 * using collector = new BatchCollector("requests.jsonl");
 * await collector.addMany(readRows("rows.csv"), (row) => template.toRequest(row));
 * ```
 */
export async function loadRowTemplate(
  path: string,
  options: LoadRowTemplateOptions = {},
): Promise<RowTemplate> {
  const source = await readTemplateSource(path);
  const parts = await toTemplateParts(source, { folder: dirname(path), onWarning: options.onWarning });
  return createRowTemplate(parts, source, options);
}

function createRowTemplate(
  parts: RowTemplateParts,
  source: RowTemplateSource,
  options: LoadRowTemplateOptions,
): RowTemplate {
  const used: UsedColumn[] = [];
  const { nullText = parts.nullText } = options;
  const context = createContext(source, used, {
    ...options,
    ...(nullText === undefined ? {} : { nullText }),
  });
  const fillOwnId = createIdFiller(parts, context);
  const keys = parts.body.map(({ key }) => key);
  const fillers = parts.body.map(({ value, place, isLiteral, imageKey }) =>
    isLiteral ? () => value : createFiller({ value, place, imageKey }, context),
  );
  const { allowUnknownParameters = false, target = "upload" } = options;
  assertSampleValid(parts, { source, allowUnknownParameters, target });
  const fillBody = (row: TemplateRow) => toRecord(keys, (_, index) => fillers[index]?.(row));
  const inPrompt = used.filter(({ place }) => promptKeys.includes(String(place[0])));
  const promptColumns = [...new Set(inPrompt.map(({ name }) => name))];
  if (!used.some(({ place }) => place[0] !== "custom_id")) options.onWarning?.(identicalRequests);
  return {
    url: parts.url,
    columns: [...new Set(used.map(({ name }) => name))],
    isHashed: fillOwnId === undefined,
    assertColumns: (columns) => {
      for (const column of used) {
        if (!hasColumn(columns, column.name)) throw unknownColumn(column, columns, source);
      }
    },
    promptCells: (row) =>
      promptColumns.map((column) => ({ column, text: readCell(row, column) ?? nullText ?? null })),
    toRequest: (row) => {
      const body = fillBody(row);
      return { custom_id: fillOwnId?.(row) ?? toHashedId(parts.url, body), url: parts.url, body };
    },
    toId: (row) => fillOwnId?.(row) ?? toHashedId(parts.url, fillBody(row)),
  };
}

/** So many that of a billion rows no two that differ are likely to have the same. */
const hashDigits = 24;

function toHashedId(url: Endpoint, body: ReadyMadeRequest["body"]): string {
  return createHash("sha256")
    .update(JSON.stringify([url, body]))
    .digest("hex")
    .slice(0, hashDigits);
}

const promptKeys: readonly string[] = ["messages", "input", "prompt"];

const identicalRequests: Problem = {
  severity: "warning",
  code: "identical_requests",
  path: "",
  message:
    "The template has no placeholder but in custom_id: every row makes the same request, and each is paid for.",
  hint: hintOf("identical_requests"),
};

function createContext(
  { errorAt }: RowTemplateSource,
  used: UsedColumn[],
  { nullText, imageFolder = ".", maxImageBytes = defaultMaxImageBytes }: LoadRowTemplateOptions,
): FillerContext {
  const images = { folder: imageFolder, maxBytes: maxImageBytes };
  return {
    nullText,
    errorAt,
    toImageUrl: (url) => toImageUrl(url, images),
    used,
  };
}

/** The id that a template without one of its own gives a row, by its number: `row-000001`. */
export function toRowId(number: number): string {
  return `row-${String(number).padStart(6, "0")}`;
}

/** None where the id is a hash of the whole request. */
function createIdFiller(
  { customId }: RowTemplateParts,
  context: FillerContext,
): ((row: TemplateRow) => string) | undefined {
  if (customId === hashedId) return undefined;
  if (customId === undefined) return ({ number }) => toRowId(number);
  const fill = createFiller({ value: customId, place: ["custom_id"] }, context);
  if (isConstant(fill)) {
    throw context.errorAt(
      ["custom_id"],
      "custom_id has no placeholder, so that every row would have the same id.",
      'Put a column into it, as in "row-{id}", or leave it out: row-000001 and so on.',
    );
  }
  return (row) => String(fill(row));
}

function hasColumn(columns: readonly string[], name: string): boolean {
  return columns.some((column) => name === column || name.startsWith(`${column}.`));
}

function unknownColumn(
  { name, place }: UsedColumn,
  columns: readonly string[],
  { errorAt }: RowTemplateSource,
): OpenbatchError {
  const message = `the table has no column ${JSON.stringify(name)}; it has ${listColumns(columns)}.`;
  const nearest = nearestColumn(name, columns);
  if (nearest !== undefined) return errorAt(place, message, `Did you mean {${nearest}}?`);
  const [only = ""] = columns;
  const separator = columns.length === 1 ? /[;\t|]/.exec(only)?.[0] : undefined;
  if (separator === undefined)
    return errorAt(
      place,
      message,
      "Use a column of the table, or write {{ and }} for plain braces. Where the first line is a row: header false (--no-header).",
    );
  return errorAt(
    place,
    message,
    `Are its cells separated by ${JSON.stringify(separator)}? Say so: delimiter (--delimiter).`,
  );
}
