import { isObject } from "../rule/rule.js";
import type { SchemaReport } from "./schema-report.js";
import { isObjectSchema, type SchemaPlace } from "./walk-schema.js";

/** Limits of a strict schema. Source: OpenAI's structured outputs guide, November 2026. */
const maxProperties = 5_000;
const maxNesting = 10;
/** Of property names, definition names, enum values and const values together. */
const maxNameCharacters = 120_000;
const maxEnumValues = 1_000;
/** An enum of more values than this has a limit of its own for their characters. */
const manyEnumValues = 250;
const maxCharactersOfManyEnumValues = 15_000;

/** Adds up what the service counts, over all the schemas within one. */
export class SchemaSize {
  readonly #report: SchemaReport;
  #properties = 0;
  #enumValues = 0;
  #characters = 0;
  #tooDeep = false;

  constructor(report: SchemaReport) {
    this.#report = report;
  }

  add(schema: unknown, { pointer, objectDepth }: SchemaPlace): void {
    if (!isObject(schema)) return;
    if (isObjectSchema(schema)) this.#addObject(schema, pointer, objectDepth + 1);
    for (const definitions of [schema.$defs, schema.definitions]) {
      if (isObject(definitions)) this.#addNames(definitions);
    }
    if (Array.isArray(schema.enum)) this.#addEnum(schema.enum, pointer);
    if (schema.const !== undefined) this.#characters += lengthOf(schema.const);
  }

  /** Says which limits the sums are over. */
  report(): void {
    this.#limit(this.#properties, maxProperties, "properties in all its objects together");
    this.#limit(this.#enumValues, maxEnumValues, "enum values in all its enums together");
    const counted = "characters of property names, definition names, enum and const values together";
    this.#limit(this.#characters, maxNameCharacters, counted);
  }

  #addObject(schema: Readonly<Record<string, unknown>>, pointer: string, level: number): void {
    if (isObject(schema.properties)) this.#properties += this.#addNames(schema.properties);
    if (level <= maxNesting || this.#tooDeep) return;
    this.#tooDeep = true;
    this.#report.error(
      pointer,
      `objects are nested deeper than the limit of ${maxNesting} levels.`,
      "Make the schema flatter.",
    );
  }

  #addNames(members: Readonly<Record<string, unknown>>): number {
    const names = Object.keys(members);
    for (const name of names) this.#characters += name.length;
    return names.length;
  }

  #addEnum(values: readonly unknown[], pointer: string): void {
    const characters = values.reduce<number>((sum, value) => sum + lengthOf(value), 0);
    this.#enumValues += values.length;
    this.#characters += characters;
    if (values.length <= manyEnumValues || characters <= maxCharactersOfManyEnumValues) return;
    this.#report.error(
      pointer,
      `the enum has ${values.length} values of ${characters} characters together; ` +
        `over ${manyEnumValues} values the limit is ${maxCharactersOfManyEnumValues} characters.`,
      "Use fewer or shorter values, or a plain string.",
    );
  }

  #limit(found: number, limit: number, what: string): void {
    if (found <= limit) return;
    this.#report.error("#", `the schema has ${found} ${what}; the limit is ${limit}.`, "Make it smaller.");
  }
}

function lengthOf(value: unknown): number {
  return typeof value === "object" && value !== null ? 0 : String(value).length;
}
