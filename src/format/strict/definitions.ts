import { annotationKeywords, isObject, resolvePointer } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import { cleanName } from "../format-name.js";
import { isSameJson } from "../schema/same-json.js";

interface Definition {
  readonly name: string;
  readonly schema: JsonSchema;
}

/**
 * What the references of a schema point to. Those that are used become definitions of the root, wherever they were
 * before, because the service takes no other references but `#`.
 */
export class Definitions {
  /** The definitions that were asked for so far. Grows while it is read, as definitions refer to others. */
  readonly used: Definition[] = [];
  readonly #root: JsonSchema;
  readonly #rootBody: JsonSchema;
  readonly #sent = new Map<string, string>();
  readonly #names = new Set<string>();

  readonly #keepNames: boolean;

  /** Without `keepNames` the definitions are numbered as they come. */
  constructor(root: JsonSchema, { keepNames }: { readonly keepNames: boolean }) {
    this.#root = root;
    this.#keepNames = keepNames;
    this.#rootBody = withoutFrame(this.#followRoot(root));
  }

  /** What a reference points to in the schema as it was given: by JSON pointer, or by `$id` as in TypeBox. */
  resolve(reference: string): unknown {
    if (reference.startsWith("#")) return resolvePointer(this.#root, reference);
    for (const definitions of [this.#root.$defs, this.#root.definitions]) {
      const found = isObject(definitions) ? Object.values(definitions).find(hasId(reference)) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The reference to send instead. One that leads nowhere stays as it is. */
  refer(reference: string): string {
    let sent = this.#sent.get(reference);
    if (sent === undefined) {
      sent = this.#define(reference);
      this.#sent.set(reference, sent);
    }
    return sent;
  }

  #define(reference: string): string {
    const schema = this.resolve(reference);
    if (!isObject(schema)) return reference;
    if (schema === this.#root || isSameJson(withoutFrame(schema), this.#rootBody)) return "#";
    const name = this.#nameFor(reference);
    this.used.push({ name, schema });
    return `#/$defs/${name}`;
  }

  #nameFor(reference: string): string {
    const given = this.#keepNames ? cleanName(reference.split("/").at(-1) ?? "") : "";
    const wanted = given === "" ? "definition" : given;
    let name = wanted;
    for (let number = 2; this.#names.has(name); number += 1) name = `${wanted}_${number}`;
    this.#names.add(name);
    return name;
  }

  /** The schema that the root stands for, if all it does is refer to it. */
  #followRoot(root: JsonSchema): JsonSchema {
    const { $ref, title: _title, description: _description, ...others } = withoutFrame(root);
    const target = typeof $ref === "string" ? this.resolve($ref) : undefined;
    return Object.keys(others).length === 0 && isObject(target) ? target : root;
  }
}

function hasId(reference: string): (definition: unknown) => boolean {
  return (definition) => isObject(definition) && definition.$id === reference;
}

/** The schema without what identifies it, or belongs to the document that it is in. */
function withoutFrame(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([key]) => !annotationKeywords.has(key) && !["$schema", "$defs", "definitions"].includes(key),
    ),
  );
}
