import { describe } from "./describe.js";
import type { Inspection } from "./inspection.js";

/** Values nested deeper than this are refused: readers of JSON give up at depths of about that size. */
const maxDepth = 1000;

/**
 * The value as `JSON.stringify` would write it, as plain JSON: dates, urls and whatever has a `toJSON` are turned
 * into what they are written as. Where nothing needs turning, it is the very object that was given. A property
 * that is `undefined` stays: it is not written.
 *
 * What `JSON.stringify` would write as something else, or leave out, without a word is reported with its path:
 * `NaN`, an `undefined` in an array, functions, symbols, maps, sets, bytes, streams, cycles, and nesting beyond
 * 1,000 levels. What a `toJSON` throws is thrown.
 */
export function toJsonValue(value: unknown, at: Inspection): unknown {
  return isPlainJson(value, 0) ? value : convert(value, "", { at, ancestors: [] });
}

/** The quick look that nearly every body passes: no paths, no copies. */
function isPlainJson(value: unknown, depth: number): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth >= maxDepth) return false;
  return Array.isArray(value) ? isPlainArray(value, depth) : isPlainObject(value, depth);
}

function isPlainArray(value: readonly unknown[], depth: number): boolean {
  if (Object.getPrototypeOf(value) !== Array.prototype) return false;
  for (let index = 0; index < value.length; index += 1) {
    if (!isPlainJson(value[index], depth + 1)) return false;
  }
  return true;
}

function isPlainObject(value: object, depth: number): boolean {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const members = value as Readonly<Record<string, unknown>>;
  for (const key in members) {
    const member = members[key];
    if (member !== undefined && !isPlainJson(member, depth + 1)) return false;
  }
  return true;
}

interface Walk {
  readonly at: Inspection;
  /** The objects and arrays that the walk is inside of, for finding cycles. */
  readonly ancestors: object[];
}

function convert(given: unknown, key: string, walk: Walk): unknown {
  if (refuseObject(given, walk.at)) return undefined;
  return convertPlain(unwrap(given, key), walk);
}

/** What `JSON.stringify` takes in the place of a value. */
function unwrap(given: unknown, key: string): unknown {
  return unbox(hasToJson(given) ? given.toJSON(key) : given);
}

function convertPlain(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value))
        refuse(walk.at, "invalid_value", `${value}`, "Use a finite number, or null.");
      return value;
    case "object":
      return value === null ? null : convertMembers(value, walk);
    case "bigint":
      return refuse(walk.at, "invalid_type", "a BigInt", "Use a number, or a string.");
    case "undefined":
      return refuse(walk.at, "invalid_type", "undefined", "Leave it out, or use null.");
    default:
      return refuse(walk.at, "invalid_type", describe(value), "Use a value that JSON has.");
  }
}

function convertMembers(value: object, walk: Walk): unknown {
  if (walk.ancestors.includes(value)) {
    return refuse(walk.at, "invalid_value", "an object that contains itself", "Break the cycle.");
  }
  if (walk.ancestors.length >= maxDepth) {
    return refuse(walk.at, "invalid_value", `nesting beyond ${maxDepth} levels`, "Make it flatter.");
  }
  walk.ancestors.push(value);
  const converted = Array.isArray(value) ? convertArray(value, walk) : convertObject(value, walk);
  walk.ancestors.pop();
  return converted;
}

function convertArray(value: readonly unknown[], walk: Walk): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < value.length; index += 1) {
    walk.at.enter(index);
    const converted = convert(value[index], `${index}`, walk);
    walk.at.leave();
    if (converted === value[index]) continue;
    copy ??= [...value];
    copy[index] = converted;
  }
  return copy ?? value;
}

function convertObject(value: object, walk: Walk): object {
  let copy: object | undefined;
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    walk.at.enter(key);
    const converted = convertMember(member, key, walk);
    walk.at.leave();
    if (converted === member) continue;
    copy ??= { ...value };
    // Not an assignment: a key may be "__proto__".
    Object.defineProperty(copy, key, {
      value: converted,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy ?? value;
}

/** A member is left out, as by `JSON.stringify`, where its `toJSON` gives nothing. */
function convertMember(member: unknown, key: string, walk: Walk): unknown {
  if (!hasToJson(member)) return convert(member, key, walk);
  if (refuseObject(member, walk.at)) return undefined;
  const value = unwrap(member, key);
  return value === undefined ? undefined : convertPlain(value, walk);
}

function hasToJson(value: unknown): value is { toJSON(key: string): unknown } {
  if (typeof value !== "object" && typeof value !== "function" && typeof value !== "bigint") return false;
  return value !== null && typeof (value as { toJSON?: unknown }).toJSON === "function";
}

function unbox(value: unknown): unknown {
  const isBoxed =
    value instanceof String || value instanceof Number || value instanceof Boolean || value instanceof BigInt;
  return isBoxed ? value.valueOf() : value;
}

const bytesHint = "Give a data URL or base64 text, or upload it and give its file_id.";

/** Objects that would be written as `{}` or as a list of numbers, by the name that the language gives them. */
const refusedObjects: Readonly<Record<string, string>> = {
  ArrayBuffer: bytesHint,
  AsyncGenerator: "Collect what it gives into an array.",
  Blob: bytesHint,
  Error: "Give its message.",
  File: bytesHint,
  Generator: "Collect what it gives into an array.",
  Map: "Turn it into an object: Object.fromEntries(map).",
  Promise: "Await it first.",
  ReadableStream: bytesHint,
  RegExp: "Give its source.",
  Set: "Turn it into an array: [...set].",
  SharedArrayBuffer: bytesHint,
  WeakMap: "Turn it into an object.",
  WeakSet: "Turn it into an array.",
};

/** Reports an object whose JSON is surely not what was meant; false if it is none of these. */
function refuseObject(value: unknown, at: Inspection): boolean {
  if (typeof value !== "object" || value === null) return false;
  const found = refusedObject(value);
  if (found === undefined) return false;
  refuse(at, "invalid_type", found.name, found.hint);
  return true;
}

function refusedObject(value: object): { readonly name: string; readonly hint: string } | undefined {
  if (ArrayBuffer.isView(value)) return { name: `bytes (${value.constructor.name})`, hint: bytesHint };
  if (value instanceof Date && Number.isNaN(value.getTime()))
    return { name: "an invalid Date", hint: "Give it a valid time." };
  if ("~standard" in value)
    return { name: "a schema object", hint: "Pass it to parse, or turn it into a format with toFormat." };
  if ("pipe" in value && typeof value.pipe === "function") return { name: "a stream", hint: bytesHint };
  if (hasToJson(value)) return undefined;
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  const hint = Object.hasOwn(refusedObjects, name) ? refusedObjects[name] : undefined;
  return hint === undefined ? undefined : { name: `${/^[AE]/.test(name) ? "an" : "a"} ${name}`, hint };
}

function refuse(
  at: Inspection,
  code: "invalid_type" | "invalid_value",
  found: string,
  hint: string,
): undefined {
  at.error(code, `${found} cannot be written as JSON.`, hint);
}
