import type { Problem } from "../errors/index.js";
import { inspectCustomId } from "./custom-id.js";
import { describeName } from "./describe.js";
import { type Endpoint, endpoints, isEndpoint } from "./endpoint.js";
import { inspectBody } from "./inspect-body.js";
import { Inspection, type InspectionOptions } from "./inspection.js";
import { nearestName } from "./nearest-name.js";
import { reportMissing } from "./object-rule.js";
import { recogniseEndpoint } from "./recognise-endpoint.js";
import { isObject, wrongType } from "./rule.js";

const lineKeys = ["custom_id", "method", "url", "body"] as const;

/**
 * Everything that is known to be wrong, or likely to be, with one line of a batch file, already parsed.
 * Never throws, whatever the line holds. Duplicate ids and mixed models are the business of the whole file.
 */
export function validateRequest(line: unknown, options: InspectionOptions = {}): readonly Problem[] {
  const at = new Inspection(options);
  inspectRequest(line, at);
  return at.problems;
}

/** Everything that is known to be wrong, or likely to be, with the body of a request for one endpoint. */
export function validateBody(
  url: Endpoint,
  body: unknown,
  options: InspectionOptions = {},
): readonly Problem[] {
  const at = new Inspection(options);
  at.enter("body");
  inspectBody(url, body, at);
  at.leave();
  return at.problems;
}

/** {@link validateRequest} into an inspection that serves many lines. */
export function inspectRequest(line: unknown, at: Inspection): void {
  if (!isObject(line)) return wrongType(at, "an object with custom_id, method, url and body", line);
  for (const key of Object.keys(line)) inspectLineKey(key, at);
  for (const key of lineKeys) {
    if (line[key] === undefined) reportMissing(key, at);
  }
  if (line.custom_id !== undefined) at.inside("custom_id", () => inspectCustomId(line.custom_id, at));
  if (line.method !== undefined) at.inside("method", () => inspectMethod(line.method, at));
  if (line.url !== undefined) at.inside("url", () => inspectUrl(line.url, at));
  const endpoint = recogniseEndpoint(line.url);
  if (line.body === undefined) return;
  at.inside("body", () => {
    if (endpoint !== undefined) inspectBody(endpoint, line.body, at);
    else if (!isObject(line.body)) wrongType(at, "an object", line.body);
  });
}

function inspectLineKey(key: string, at: Inspection): void {
  if ((lineKeys as readonly string[]).includes(key)) return;
  const nearest = nearestName(key, lineKeys);
  const hint = nearest === undefined ? undefined : `Did you mean ${nearest}?`;
  at.inside(key, () => at.warning("unknown_line_key", `unknown key ${describeName(key)} in a line.`, hint));
}

function inspectMethod(method: unknown, at: Inspection): void {
  if (method === "POST") return;
  at.error("invalid_method", `${describeName(method)} is not a method of the Batch API: only "POST" is.`);
}

function inspectUrl(url: unknown, at: Inspection): void {
  if (isEndpoint(url)) return;
  const meant = recogniseEndpoint(url) ?? (typeof url === "string" ? nearestName(url, endpoints) : undefined);
  at.error(
    "invalid_url",
    `${describeName(url)} is not an endpoint of the Batch API.`,
    meant === undefined ? `Use one of ${endpoints.join(", ")}.` : `Use "${meant}".`,
  );
}
