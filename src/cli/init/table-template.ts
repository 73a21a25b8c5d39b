import { countOf, formatCount, toPlainText } from "../../errors/index.js";
import { isNameable, toYamlText, withPlainBraces } from "../frame/template-text.js";
import type { DescribedTable, TableColumn } from "./table-columns.js";

/** What a template makes of the columns of a table. */
interface ColumnParts {
  readonly id: TableColumn | undefined;
  readonly longest: TableColumn | undefined;
  /** What is asked for: columns with few values. */
  readonly asked: readonly TableColumn[];
  /** What the prompt tells beside the longest text. */
  readonly told: readonly TableColumn[];
}

const maxAsked = 3;
const maxTold = 20;
const maxListed = 60;

/** A template for a table of one's own, which can be built as it is. */
export function toTableTemplate(table: DescribedTable, name: string): string {
  const parts = toParts(table.columns);
  const { id, longest, asked, told } = parts;
  const shown = [...told, ...(longest === undefined ? [] : [longest])];
  return `# A template for "openbatch build", made for ${toPlainText(name)}: each of its rows becomes one request.
# {column} stands for the row's value of that column; {{ and }} are plain braces.
#
# The columns, as ${table.hasMore ? `the first ${formatCount(table.rows)} rows` : "the rows"} have them:
${toColumnLines(table, parts)}

endpoint: /v1/responses # or /v1/chat/completions, /v1/embeddings, ...

# Names each request, so that its answer can be put beside its row. It must differ from row to row.
${toIdLines(id)}

# Whatever the endpoint takes beside the prompt and the format of the answer.
parameters:
  model: gpt-5.4-mini
  reasoning: { effort: low }
  max_output_tokens: 1000

# The prompt. For /v1/chat/completions write "messages:" instead of "input:".
input:
  - role: developer
    content: >-
      You read the rows of a table, one at a time. Judge only by what the row says.
  - role: user
    content: ${toYamlText(shown.map(toPromptLine).join("\n"), "      ")}

# The answers are held to this JSON Schema: ask for what you want to know.
schema_name: answer
schema:
  type: object
  properties:
${asked.map((_, index) => toAskedProperty(asked, index)).join("")}    summary:
      type: string
      description: What the row says, in one short sentence.
  required: [${[...asked.map((_, index) => propertyOf(asked, index)), "summary"].join(", ")}]
  additionalProperties: false
`;
}

/** Whether the prompt of a template holds a column with null cells, which need a text. */
export function hasNullInPrompt({ columns }: DescribedTable): boolean {
  const { told, longest } = toParts(columns);
  return [...told, longest].some((column) => column?.hasNull === true);
}

function toParts(columns: readonly TableColumn[]): ColumnParts {
  const usable = columns.filter(({ name, isEverywhere }) => isNameable(name) && isEverywhere);
  const texts = usable.filter(({ type, values }) => type === "text" && values === undefined);
  const byLength = [...(texts.length > 0 ? texts : usable)].sort(
    (one, other) => other.averageLength - one.averageLength,
  );
  const [longest] = byLength;
  const id = findId(usable.filter((column) => column !== longest || usable.length === 1));
  const others = usable.filter((column) => column !== id && column !== longest);
  const asked = others.filter(({ values }) => values !== undefined).slice(0, maxAsked);
  const told = others.filter((column) => !asked.includes(column)).slice(0, maxTold);
  return { id, longest, asked, told };
}

function findId(columns: readonly TableColumn[]): TableColumn | undefined {
  const unique = columns.filter(({ isUnique, type }) => isUnique && type !== "object");
  const named = unique.find(({ name }) => /(?:^|[^a-z])(?:id|key|uuid|nr|no|number)\.?$/i.test(name.trim()));
  const camel = unique.find(({ name }) => /[a-z](?:Id|ID)$/.test(name));
  return named ?? camel ?? unique.find(({ type }) => type === "integer");
}

function toColumnLines({ columns }: DescribedTable, parts: ColumnParts): string {
  const lines = columns.slice(0, maxListed).map((column) => `#   ${toLine(column, parts)}`);
  const more = columns.length - lines.length;
  return [...lines, ...(more > 0 ? [`#   and ${formatCount(more)} more`] : [])].join("\n");
}

function toLine(column: TableColumn, { id, longest, asked, told }: ColumnParts): string {
  const { name, type, values, longest: characters, blank } = column;
  const what = values === undefined ? type : `${type}, one of ${values.map(quote).join(", ")}`;
  const size = type === "text" && values === undefined ? `, up to ${countOf(characters, "character")}` : "";
  const blanks = blank === 0 ? "" : `, blank in ${formatCount(blank)}`;
  const uses = [
    ...(column === id ? ["the id"] : []),
    ...(column === longest ? ["the longest text"] : []),
    ...(asked.includes(column) ? ["asked for below"] : []),
    ...([id, longest, ...asked, ...told].includes(column) ? [] : [toReason(column)]),
  ];
  return `{${toPlainText(name)}}: ${what}${size}${blanks}${uses.length > 0 ? `: ${uses.join(", ")}` : ""}`;
}

function toReason({ name, isEverywhere }: TableColumn): string {
  if (!isNameable(name)) return "left out, for no placeholder can name it";
  return isEverywhere ? "left out" : "left out, for not every row has it";
}

function quote(value: string): string {
  return toPlainText(JSON.stringify(value));
}

function toIdLines(id: TableColumn | undefined): string {
  if (id === undefined)
    return `# No column differs from row to row: without this line it is row-000001, row-000002, ...
# custom_id: "row-{column}"`;
  return `# Without this line: row-000001, row-000002, ...
custom_id: ${JSON.stringify(`row-{${id.name}}`)}`;
}

function toPromptLine({ name }: TableColumn): string {
  return `${withPlainBraces(name.replace(/\s+/g, " ").trim())}: {${name}}`;
}

function toAskedProperty(asked: readonly TableColumn[], index: number): string {
  const column = asked[index];
  if (column === undefined) return "";
  return `    # The column ${quote(column.name)} has these values. It is not in the prompt: the rest is to tell it.
    ${propertyOf(asked, index)}:
${toEnumLines(column)}`;
}

/** A property has a plain name of its own, whatever the column is called. */
function propertyOf(asked: readonly TableColumn[], index: number): string {
  const names: string[] = [];
  for (const { name } of asked.slice(0, index + 1)) {
    const plain = name
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "");
    const isFree =
      /^[a-z]/.test(plain) && plain !== "summary" && !isYamlWord(plain) && !names.includes(plain);
    names.push(isFree ? plain : `value_${names.length + 1}`);
  }
  return names[index] ?? "";
}

/** What YAML would take for something else than text. */
function isYamlWord(name: string): boolean {
  return /^(?:true|false|null|yes|no|on|off|y|n)$/.test(name);
}

function toEnumLines({ type, values = [] }: TableColumn): string {
  if (type === "boolean") return "      type: boolean\n";
  const isNumber = type === "integer" || type === "number";
  const sorted = isNumber ? [...values].sort((one, other) => Number(one) - Number(other)) : values;
  const members = isNumber ? sorted : sorted.map((value) => JSON.stringify(value));
  return `      type: ${isNumber ? type : "string"}\n      enum: [${members.join(", ")}]\n`;
}
