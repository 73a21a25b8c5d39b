import { createHash } from "node:crypto";
import { dirname } from "node:path";
import {
  allowedNamesOption,
  assertOptions,
  countOption,
  type Endpoint,
  functionOption,
  nearestColumn,
  type OptionRules,
  targetOption,
  toRecord,
} from "../../api/index.js";
import { askForColumn, hintOf, listColumns, type OpenbatchError, type Problem } from "../../errors/index.js";
import { toPath } from "../../files/index.js";
import type { ReadyMadeRequest } from "../collector/collector-parameters.js";
import {
  createFiller,
  type FillerContext,
  isConstant,
  readCell,
  type TemplateRow,
  type UsedColumn,
} from "./row-filler.js";
import { toRowId } from "./row-id.js";
import { toImageUrl } from "./row-image.js";
import type { LoadRowTemplateOptions, RowTemplate } from "./row-template.js";
import { hashedId, type RowTemplateParts, toTemplateParts } from "./row-template-parts.js";
import { assertSampleValid } from "./row-template-sample.js";
import { type RowTemplateSource, readTemplateSource } from "./row-template-source.js";

const defaultMaxImageBytes = 20_971_520;

const rules: OptionRules<LoadRowTemplateOptions> = {
  nullText: { isValid: (value) => typeof value === "string", expected: "a text", flag: "--null" },
  allowUnknownParameters: { ...allowedNamesOption, flag: "--allow-unknown" },
  target: targetOption,
  imageFolder: {
    isValid: (value) => typeof value === "string",
    expected: "the path of a folder",
    flag: "--images",
  },
  maxImageBytes: { ...countOption, flag: "--max-image-bytes" },
  onWarning: functionOption,
};

/** Makes the template that a file holds, as `loadRowTemplate` says. */
export async function createRowTemplate(
  template: string | URL,
  options: LoadRowTemplateOptions,
): Promise<RowTemplate> {
  assertOptions(options, rules);
  const path = toPath(template);
  const source = await readTemplateSource(path);
  const parts = await toTemplateParts(source, { folder: dirname(path), onWarning: options.onWarning });
  return joinParts(parts, source, options);
}

function joinParts(
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
  if (nearest !== undefined) return errorAt(place, message, askForColumn(`{${nearest}}`));
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
