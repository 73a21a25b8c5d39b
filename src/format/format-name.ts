import { describeName, isObject, resolvePointer } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";
import type { JsonSchema } from "./format.js";

const rule = /^[a-zA-Z0-9_-]{1,64}$/;

/** The name itself, if the service takes it. */
export function assertFormatName(name: unknown): string {
  if (typeof name === "string" && rule.test(name)) return name;
  throw new OpenbatchError("invalid_option", `The format name ${describeName(name)} cannot be used.`, {
    hint: "Use 1 to 64 letters, digits, underscores and dashes, as in city_info.",
  });
}

/** A name for a schema that was given none: its title, else its id, else `response`. */
export function deriveFormatName(schema: JsonSchema, { fromReference }: { fromReference: boolean }): string {
  const { $ref } = schema;
  const target = typeof $ref === "string" ? resolvePointer(schema, $ref) : undefined;
  const candidates = [
    schema.title,
    isObject(target) ? target.title : undefined,
    lastStep(schema.$id),
    lastStep(schema.id),
    fromReference ? lastStep($ref) : undefined,
  ];
  for (const candidate of candidates) {
    const name = typeof candidate === "string" ? cleanName(candidate) : "";
    if (name !== "") return name;
  }
  return "response";
}

/** What is left of a text when it is to be a name: accents go, other characters become one underscore. */
export function cleanName(text: string): string {
  const letters = text
    .slice(0, 256)
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "");
  return (letters.match(/[a-zA-Z0-9_-]+/g) ?? []).join("_").slice(0, 64);
}

/** `City` of `#/definitions/City` and of `https://example.com/City.schema.json`. */
function lastStep(id: unknown): string | undefined {
  if (typeof id !== "string") return undefined;
  return id
    .replace(/#$/, "")
    .split("/")
    .at(-1)
    ?.replace(/(\.schema)?\.json$/, "");
}
