import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type Endpoint,
  endpoints,
  isEndpoint,
  isObject,
  nearestName,
  recogniseEndpoint,
} from "../../api/index.js";
import { withoutMark } from "../../batch-file/index.js";
import { OpenbatchError, type Problem, toFileError } from "../../errors/index.js";
import { type Format, toFormat, toResponseFormat, toTextFormat } from "../../format/index.js";
import type { TemplatePlace } from "./row-filler.js";
import type { RowTemplateSource } from "./row-template-source.js";

/** A parameter of the body, as the template has it. */
export interface TemplateParameter {
  readonly key: string;
  readonly value: unknown;
  readonly place: TemplatePlace;
  /** Whether it is sent as it stands, braces and all. */
  readonly isLiteral: boolean;
  /** The key that holds the URL of an image, in the objects of this parameter. */
  readonly imageKey: string | undefined;
}

/** What a template says. */
export interface RowTemplateParts {
  readonly url: Endpoint;
  /** A text with placeholders; or by a hash of what is asked. */
  readonly customId: string | typeof hashedId | undefined;
  /** What a null cell is written as. */
  readonly nullText: string | undefined;
  /** In the order in which they are sent. */
  readonly body: readonly TemplateParameter[];
}

/** Says that the id of a request is a hash of it. */
export const hashedId = Symbol("hash: request");

export interface TemplatePartsOptions {
  /** The folder of the template, where the path of a schema starts. */
  readonly folder: string;
  readonly onWarning: ((warning: Problem) => void) | undefined;
}

const contentKeys = ["messages", "input", "prompt"];
const templateKeys = [
  "endpoint",
  "custom_id",
  "null_text",
  "parameters",
  ...contentKeys,
  "schema",
  "schema_name",
  "schema_strict",
];

/** Parameters that hold schemas, whose braces mean something else. */
const literalParameters: ReadonlySet<string> = new Set(["tools", "functions", "text", "response_format"]);

/** Takes a template apart, and says what is wrong with its own keys. */
export async function toTemplateParts(
  source: RowTemplateSource,
  options: TemplatePartsOptions,
): Promise<RowTemplateParts> {
  const { value, errorAt } = source;
  if (!isObject(value)) {
    throw errorAt([], "a template is an object with the keys endpoint, parameters and so on.");
  }
  for (const key of Object.keys(value)) assertTemplateKey(key, source);
  const parameters = value.parameters ?? {};
  if (!isObject(parameters)) {
    throw errorAt(
      ["parameters"],
      "parameters is not an object.",
      "Write one parameter a line, as in model: gpt-5-mini.",
    );
  }
  const url = toUrl(value.endpoint, source);
  const template = { url, value, parameters };
  const body = [...fromParameters(template), ...fromContent(template, source)];
  const format = await toTemplateFormat(template, source, options);
  return {
    ...{ url, body: withFormat(body, format, url) },
    customId: toCustomId(value.custom_id, source),
    nullText: toNullText(value.null_text, source),
  };
}

interface Template {
  readonly url: Endpoint;
  readonly value: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
}

function assertTemplateKey(key: string, { errorAt }: RowTemplateSource): void {
  if (templateKeys.includes(key)) return;
  const nearest = nearestName(key, templateKeys);
  const hint =
    nearest === undefined
      ? `If it is a parameter of the endpoint, write it below parameters. A template has the keys ${templateKeys.join(", ")}.`
      : `Did you mean ${nearest}?`;
  throw errorAt([key], `unknown key ${JSON.stringify(key)}.`, hint);
}

function toUrl(endpoint: unknown, { errorAt }: RowTemplateSource): Endpoint {
  if (isEndpoint(endpoint)) return endpoint;
  if (endpoint === undefined || endpoint === null) {
    throw errorAt(["endpoint"], "the endpoint is missing.", `Add endpoint: one of ${endpoints.join(", ")}.`);
  }
  const meant =
    typeof endpoint === "string"
      ? (recogniseEndpoint(endpoint) ?? nearestName(endpoint, endpoints))
      : undefined;
  throw errorAt(
    ["endpoint"],
    "this is not an endpoint of the Batch API.",
    meant === undefined ? `Use one of ${endpoints.join(", ")}.` : `Did you mean ${meant}?`,
  );
}

function toCustomId(customId: unknown, { errorAt }: RowTemplateSource): RowTemplateParts["customId"] {
  if (customId === undefined || typeof customId === "string") return customId;
  if (isObject(customId) && customId.hash === "request" && Object.keys(customId).length === 1)
    return hashedId;
  throw errorAt(
    ["custom_id"],
    "custom_id is not text.",
    'Put it in quotes, as in custom_id: "row-{id}"; YAML reads a value that begins with { as an object. For a hash of what is asked: custom_id: { hash: request }.',
  );
}

function toNullText(text: unknown, { errorAt }: RowTemplateSource): string | undefined {
  if (text === undefined || typeof text === "string") return text;
  throw errorAt(["null_text"], "null_text is not text.", 'Put it in quotes, as in null_text: "".');
}

function fromParameters({ url, parameters }: Template): readonly TemplateParameter[] {
  return Object.entries(parameters).map(([key, value]) => ({
    key,
    value,
    place: ["parameters", key],
    isLiteral: literalParameters.has(key),
    imageKey: url === "/v1/images/edits" && (key === "images" || key === "mask") ? "image_url" : undefined,
  }));
}

function fromContent(
  { value, parameters }: Template,
  { errorAt }: RowTemplateSource,
): readonly TemplateParameter[] {
  const given = contentKeys.filter((key) => value[key] !== undefined);
  const twice = given.find((key) => key in parameters);
  if (twice !== undefined) {
    throw errorAt(["parameters", twice], `${twice} stands here and at the top.`, "Keep one of the two.");
  }
  return given.map((key) => ({
    key,
    value: value[key],
    place: [key],
    isLiteral: false,
    imageKey: undefined,
  }));
}

async function toTemplateFormat(
  template: Template,
  source: RowTemplateSource,
  { folder, onWarning }: TemplatePartsOptions,
): Promise<Format | undefined> {
  const { schema, schema_name: name, schema_strict: strict } = template.value;
  const { errorAt } = source;
  if (schema === undefined) {
    const without = ["schema_name", "schema_strict"].find((key) => template.value[key] !== undefined);
    if (without !== undefined) throw errorAt([without], `${without} stands without a schema.`, "Add schema.");
    return undefined;
  }
  assertSchemaFits(template, source);
  if (name !== undefined && typeof name !== "string")
    throw errorAt(["schema_name"], "schema_name is not text.");
  if (strict !== undefined && typeof strict !== "boolean") {
    throw errorAt(["schema_strict"], "schema_strict is not true or false.");
  }
  const jsonSchema = typeof schema === "string" ? await readSchema(resolve(folder, schema), source) : schema;
  const format = convertSchema(jsonSchema, { name, strict }, source);
  for (const { pointer, severity, code, message, hint } of format.warnings) {
    onWarning?.({ severity, code, path: `schema ${pointer}`, message, hint });
  }
  return format;
}

/** Structured output is for two endpoints, and is given in one place. */
function assertSchemaFits({ url, parameters }: Template, { errorAt }: RowTemplateSource): void {
  if (url !== "/v1/chat/completions" && url !== "/v1/responses") {
    throw errorAt(["schema"], `${url} takes no schema.`, "Use /v1/responses or /v1/chat/completions.");
  }
  const { text, response_format: responseFormat } = parameters;
  if (responseFormat === undefined && !(isObject(text) && text.format !== undefined)) return;
  const place = responseFormat === undefined ? ["parameters", "text"] : ["parameters", "response_format"];
  throw errorAt(place, "a format is written here, and a schema is given beside it.", "Keep one of the two.");
}

async function readSchema(path: string, { errorAt }: RowTemplateSource): Promise<unknown> {
  try {
    return JSON.parse(withoutMark(await readFile(path, "utf8")));
  } catch (cause) {
    const error = toFileError(cause, "read the schema", path);
    const message = error instanceof OpenbatchError ? error.message : `the schema file ${path} is not JSON.`;
    throw errorAt(
      ["schema"],
      message,
      "Give the path of a JSON Schema file, from the folder of the template.",
    );
  }
}

interface FormatOptions {
  readonly name: string | undefined;
  readonly strict: boolean | undefined;
}

function convertSchema(
  schema: unknown,
  { name, strict }: FormatOptions,
  { errorAt }: RowTemplateSource,
): Format {
  if (!isObject(schema)) throw errorAt(["schema"], "the schema is not an object.");
  try {
    return toFormat(schema, {
      ...(name === undefined ? {} : { name }),
      ...(strict === undefined ? {} : { strict }),
    });
  } catch (error) {
    if (!(error instanceof OpenbatchError)) throw error;
    throw errorAt(["schema"], error.message, error.hint);
  }
}

function withFormat(
  body: readonly TemplateParameter[],
  format: Format | undefined,
  url: Endpoint,
): readonly TemplateParameter[] {
  if (format === undefined) return body;
  const made = { place: ["schema"], isLiteral: true, imageKey: undefined };
  if (url === "/v1/chat/completions") {
    return [...body, { ...made, key: "response_format", value: toResponseFormat(format) }];
  }
  const text = body.find(({ key }) => key === "text");
  const value = { ...(isObject(text?.value) ? text.value : {}), format: toTextFormat(format) };
  return [...body.filter((parameter) => parameter !== text), { ...made, key: "text", value }];
}
