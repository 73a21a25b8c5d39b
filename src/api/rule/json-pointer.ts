import { isObject } from "./rule.js";

/** A JSON pointer (RFC 6901) one step further in. Very long keys are cut, so that messages stay readable. */
export function appendPointer(pointer: string, key: string | number): string {
  const text = String(key);
  const shown = text.length <= 64 ? text : `${text.slice(0, 60)}…`;
  return `${pointer}/${shown.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The keys that a pointer such as `#/$defs/City` names, or `undefined` if it is none. */
export function pointerKeys(pointer: string): readonly string[] | undefined {
  if (pointer === "#") return [];
  if (!pointer.startsWith("#/")) return undefined;
  return pointer.slice(2).split("/").map(unescapeKey);
}

/** What a pointer such as `#/$defs/City` points to in a document, or `undefined`. */
export function resolvePointer(root: unknown, pointer: string): unknown {
  let found: unknown = root;
  for (const key of pointerKeys(pointer) ?? [""]) {
    if (Array.isArray(found)) found = found[Number(key)];
    else if (isObject(found) && Object.hasOwn(found, key)) found = found[key];
    else return undefined;
  }
  return found;
}

function unescapeKey(key: string): string {
  return decodeOrKeep(key).replaceAll("~1", "/").replaceAll("~0", "~");
}

function decodeOrKeep(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
