import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../api/index.js";
import { tryToJson } from "../../jsonl/index.js";
import type { Result } from "../answer/result.js";

/** What is compared of an answer, place by place: `parsed.mood`, `text`. */
export type ComparedAnswer = ReadonlyMap<string, unknown>;

const maxLevels = 8;
/** An object with more members is compared as a whole. */
const maxMembers = 200;

/** `undefined` where there is no usable answer. */
export function toComparedAnswer(result: Result | undefined): ComparedAnswer | undefined {
  if (result?.status !== "succeeded" || result.problem !== undefined) return undefined;
  const { parsed, text, toolCalls, embeddings, body } = result;
  const places = new Map<string, unknown>();
  if (parsed !== undefined) addPlaces(places, "parsed", parsed, 0);
  else if (text !== undefined) places.set("text", text);
  // The ids of calls differ always.
  if (toolCalls.length > 0) {
    const calls = toolCalls.map(({ name, arguments: written, input }) => [name, input ?? written]);
    places.set("toolCalls", calls);
  }
  if (embeddings.length > 0) places.set("embeddings", embeddings);
  if (places.size === 0) places.set("body", toContent(body));
  return places;
}

/** The same value, whatever the order of the members in it. What is nested too deeply to be compared is not the same. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  try {
    return isDeepStrictEqual(one, other);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A value that can be written, which one that is nested too deeply is not. */
export function toWritable(value: unknown): unknown {
  if (typeof value !== "object" || value === null || tryToJson(value) !== undefined) return value;
  return "(nested too deeply to be shown)";
}

function addPlaces(places: Map<string, unknown>, path: string, value: unknown, level: number): void {
  const members = isObject(value) && level < maxLevels ? Object.entries(value) : [];
  if (members.length === 0 || members.length > maxMembers) places.set(path, value);
  else for (const [key, member] of members) addPlaces(places, `${path}.${key}`, member, level + 1);
}

/** Of moderations and images what was made, without ids and times. */
function toContent(body: unknown): unknown {
  if (!isObject(body)) return body;
  return body.results ?? body.data ?? body.output ?? body;
}
