import { isObject } from "../../../api/index.js";
import { type Effort, efforts, type OutputConfig } from "./message-params.js";
import { isGiven } from "./to-content.js";
import type { TranslationNotes } from "./translation-notes.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The structure that is asked of an answer, and how hard the model is to think. */
export function toOutputConfig(
  { response_format, reasoning_effort }: JsonObject,
  notes: TranslationNotes,
): { readonly output_config?: OutputConfig } {
  const format = isGiven(response_format) ? toFormat(response_format, notes) : undefined;
  const effort = isGiven(reasoning_effort) ? toEffort(reasoning_effort, notes) : undefined;
  if (format === undefined && effort === undefined) return {};
  return {
    output_config: {
      ...(format === undefined ? {} : { format }),
      ...(effort === undefined ? {} : { effort }),
    },
  };
}

const path = "body.response_format";

function toFormat(value: unknown, notes: TranslationNotes): OutputConfig["format"] {
  const type = isObject(value) ? value.type : undefined;
  if (type === "text") {
    notes.warn(`${path}.type`, "left out: a text is what Anthropic answers anyway.");
    return undefined;
  }
  if (!isObject(value) || type !== "json_schema") {
    const message = "Anthropic promises JSON by a schema alone.";
    notes.refuse(`${path}.type`, message, 'Ask for a structure: type "json_schema", with its schema.');
    return undefined;
  }
  const format = notes.object(`${path}.json_schema`, value.json_schema);
  if (format === undefined) return undefined;
  notes.refuseOthers(`${path}.json_schema`, format, ["name", "schema", "strict", "description"]);
  const schema = notes.object(`${path}.json_schema.schema`, format.schema);
  if (schema === undefined) return undefined;
  if (isGiven(format.name))
    notes.warn(`${path}.json_schema.name`, "left out: Anthropic's schemas have none.");
  if (format.strict !== true)
    notes.warn(`${path}.json_schema.strict`, "Anthropic holds every answer to its schema, strict or not.");
  return { type: "json_schema", schema: describeSchema(schema, format.description, notes) };
}

/** Anthropic has no description beside the schema; one in it tells the model the same. */
function describeSchema(
  schema: JsonObject,
  description: unknown,
  notes: TranslationNotes,
): Record<string, unknown> {
  if (!isGiven(description)) return schema;
  if (schema.description === undefined || schema.description === description)
    return { ...schema, description };
  notes.refuse(
    `${path}.json_schema.description`,
    "Anthropic has no description beside the schema, and the schema has its own.",
    "Put both into the schema.",
  );
  return schema;
}

function toEffort(value: unknown, notes: TranslationNotes): Effort | undefined {
  if (value === "none") {
    notes.warn("body.reasoning_effort", "left out: none is no effort that Anthropic has.");
    return undefined;
  }
  if (value === "minimal") {
    notes.warn("body.reasoning_effort", "minimal is sent as low, the least that Anthropic has.");
    return "low";
  }
  const known = efforts.find((effort) => effort === value);
  if (known === undefined)
    notes.refuse(
      "body.reasoning_effort",
      "Anthropic knows no such effort.",
      `Use one of none, ${efforts.join(", ")}.`,
    );
  return known;
}
