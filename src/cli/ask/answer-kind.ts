import { readFile } from "node:fs/promises";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import type { AskFlags } from "./ask-flags.js";

/** What an answer is to be. */
export interface AnswerKind {
  /** None for plain text. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  /** What the model is told of it; not every server knows schemas. */
  readonly instruction: string | undefined;
  /** For people: `one of "yes", "no"`. */
  readonly words: string;
  /** The columns that stand beside the rows, as `openbatch results --columns` takes them. */
  readonly columns: readonly string[];
}

/** Understands `--labels`, `--number`, `--fields` and `--schema`. */
export async function toAnswerKind({ labels, number, fields, schema }: AskFlags): Promise<AnswerKind> {
  if (labels !== undefined) return toLabels(labels);
  if (number) return toNumber();
  if (fields !== undefined) return toFields(fields.join(","));
  if (schema !== undefined) return toOwnSchema(await readSchema(schema));
  return { schema: undefined, instruction: undefined, words: "text", columns: ["text"] };
}

function toLabels(labels: readonly string[]): AnswerKind {
  const isGood = labels.every((label) => label !== "") && new Set(labels).size === labels.length;
  if (labels.length < 2 || !isGood)
    throw wrongUsage(
      "--labels takes two labels or more, none empty and none twice.",
      "Separate them by commas: --labels yes,no.",
    );
  const listed = labels.map((label) => JSON.stringify(label)).join(", ");
  return {
    schema: toObject({ label: { type: "string", enum: labels } }),
    instruction: `Answer as JSON with "label", which is one of ${listed}.`,
    words: `one of ${listed}`,
    columns: ["label"],
  };
}

function toNumber(): AnswerKind {
  return {
    schema: toObject({ number: { type: "number" } }),
    instruction: 'Answer as JSON with "number", which is a number.',
    words: "a number",
    columns: ["number"],
  };
}

function toFields(text: string): AnswerKind {
  const fields = text.split(",").map(toField);
  const names = fields.map(({ name }) => name);
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) throw wrongUsage(`--fields has ${JSON.stringify(doubled)} twice.`, fieldsHint);
  return {
    schema: toObject(Object.fromEntries(fields.map(({ name, schema }) => [name, schema]))),
    instruction: `Answer as JSON with ${fields.map(({ words }) => words).join(", ")}.`,
    words: fields.map(({ words }) => words).join(", "),
    columns: names.map(toColumn),
  };
}

const fieldsHint =
  'Names are letters, digits, spaces, - and _, separated by commas; [] behind one is a list, ? may be absent: --fields "topic, people[], when?". For labels or numbers among them: --schema FILE.';

function toField(text: string) {
  const [, name = "", list = "", absent = ""] =
    /^\s*([\p{L}_][\p{L}\p{N} _-]*?)\s*(\[\])?\s*(\?)?\s*$/u.exec(text) ?? [];
  if (name === "" || name === "__proto__")
    throw wrongUsage(`--fields has ${JSON.stringify(text.trim())}, which is no field.`, fieldsHint);
  const type = list === "" ? "string" : "array";
  const types = absent === "" ? type : [type, "null"];
  return {
    name,
    schema: { type: types, ...(list === "" ? {} : { items: { type: "string" } }) },
    words: `${JSON.stringify(name)}${list === "" ? "" : " (a list)"}${absent === "" ? "" : " (or null)"}`,
  };
}

function toObject(properties: Readonly<Record<string, unknown>>): AnswerKind["schema"] {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

function toOwnSchema(schema: Readonly<Record<string, unknown>>): AnswerKind {
  const { properties } = schema;
  const names = isObject(properties) ? Object.keys(properties) : [];
  return {
    schema,
    instruction: "Answer as JSON.",
    words: names.length === 0 ? "what fits the schema" : names.map((name) => JSON.stringify(name)).join(", "),
    columns: names.length === 0 ? ["parsed"] : names.map(toColumn),
  };
}

async function readSchema(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(path, "utf8").catch((cause) => {
    throw toFileError(cause, "read the schema", path);
  });
  let schema: unknown;
  try {
    schema = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // What the parser says quotes the file.
  }
  if (isObject(schema)) return schema;
  throw new OpenbatchError("invalid_option", `${path} holds no JSON Schema: it is not one object of JSON.`, {
    hint: "Give the path of a JSON Schema: --schema FILE.",
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a result has of its own; a field of such a name is to be looked for in the answer. */
const ownNames: ReadonlySet<string> = new Set([
  ...["custom_id", "status", "url", "file", "line", "requestLine", "request_id", "raw", "body", "format"],
  ...["parsed", "text", "embedding", "embeddings", "toolCalls", "refusal", "finish", "usage", "problem"],
  ...["note", "statusCode", "retryable", "error"],
]);

function toColumn(name: string): string {
  return ownNames.has(name) || /[.[\]]/.test(name) ? `parsed.${name}` : name;
}
