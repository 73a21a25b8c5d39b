import { endpoints, isEndpoint, isObject } from "../../api/index.js";
import type { BatchParameters } from "../store/batch-record.js";
import { ApiError, invalidType, invalidValue, missingParameter } from "./api-error.js";
import { readLifetime, usualLifetimeSeconds } from "./read-lifetime.js";

/** Source: `metadata` in openai-node 7.57, November 2026. */
const metadataLimits = { pairs: 16, keyLength: 64, valueLength: 512 };

/** Source: `BatchCreateParams` of openai-node 7.57, November 2026. */
export const batchParameterNames = [
  "input_file_id",
  "endpoint",
  "completion_window",
  "metadata",
  "output_expires_after",
  "output_expires_after.anchor",
  "output_expires_after.seconds",
];

/** The names of all that a body gives, those in `output_expires_after` too. */
export function listGivenNames(body: unknown): readonly string[] {
  if (!isObject(body)) return [];
  const inner = isObject(body.output_expires_after) ? Object.keys(body.output_expires_after) : [];
  return [...Object.keys(body), ...inner.map((name) => `output_expires_after.${name}`)];
}

/** @throws ApiError in the service's words, for the first mistake. What the service does not know is not looked at. */
export function readBatchParameters(body: unknown): BatchParameters {
  if (!isObject(body)) throw new ApiError(400, "The body of the request must be one JSON object.");
  const endpoint = readString(body, "endpoint");
  if (!isEndpoint(endpoint)) throw invalidValue("endpoint", endpoint, endpoints);
  const window = readString(body, "completion_window");
  if (window !== "24h") throw invalidValue("completion_window", window, ["24h"]);
  return {
    endpoint,
    inputFileId: readString(body, "input_file_id"),
    metadata: readMetadata(body.metadata),
    outputSeconds: readOutputSeconds(body.output_expires_after),
  };
}

function readString(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (value === undefined) throw missingParameter(name);
  if (typeof value !== "string") throw invalidType(name, "a string", value);
  return value;
}

function readMetadata(metadata: unknown): Readonly<Record<string, string>> | null {
  if (metadata === undefined || metadata === null) return null;
  if (!isObject(metadata)) throw invalidType("metadata", "an object", metadata);
  const pairs = Object.entries(metadata);
  if (pairs.length > metadataLimits.pairs) throw tooManyPairs(pairs.length);
  return Object.fromEntries(pairs.map(([key, value]) => [key, readMetadataValue(key, value)]));
}

function readMetadataValue(key: string, value: unknown): string {
  const { keyLength, valueLength } = metadataLimits;
  const param = `metadata.${key.slice(0, keyLength)}`;
  if (key.length > keyLength) {
    throw new ApiError(
      400,
      `Invalid property name in 'metadata': too long. Expected a name with maximum length ${keyLength}, but got a name with length ${key.length} instead.`,
      { param: "metadata", code: "invalid_property_name" },
    );
  }
  if (typeof value !== "string") throw invalidType(param, "a string", value);
  if (value.length <= valueLength) return value;
  throw new ApiError(
    400,
    `Invalid '${param}': string too long. Expected a string with maximum length ${valueLength}, but got a string with length ${value.length} instead.`,
    { param, code: "string_above_max_length" },
  );
}

function tooManyPairs(count: number): ApiError {
  const { pairs } = metadataLimits;
  return new ApiError(
    400,
    `Invalid 'metadata': too many properties. Expected an object with at most ${pairs} properties, but got an object with ${count} properties instead.`,
    { param: "metadata", code: "object_above_max_properties" },
  );
}

function readOutputSeconds(expiresAfter: unknown): number {
  if (expiresAfter === undefined || expiresAfter === null) return usualLifetimeSeconds;
  if (!isObject(expiresAfter)) throw invalidType("output_expires_after", "an object", expiresAfter);
  const { anchor, seconds } = expiresAfter;
  const names = { anchor: "output_expires_after.anchor", seconds: "output_expires_after.seconds" };
  return readLifetime({ anchor, seconds, names });
}
