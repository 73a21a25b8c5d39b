import type { Problem } from "../errors/index.js";
import { inspectBody } from "./inspect-body.js";
import { inspectCustomId } from "./request/custom-id.js";
import { type Endpoint, endpoints } from "./request/endpoint.js";
import { isZhipuForm, recogniseEndpoint } from "./request/recognise-endpoint.js";
import { describeName } from "./rule/describe.js";
import { inspectCharacters } from "./rule/half-characters.js";
import { Inspection, type InspectionOptions, type OtherService } from "./rule/inspection.js";
import { nearestName } from "./rule/nearest-name.js";
import { reportMissing } from "./rule/object-rule.js";
import { isObject, wrongType } from "./rule/rule.js";

const lineKeys = ["custom_id", "method", "url", "body"] as const;
const knownKeys: ReadonlySet<string> = new Set(lineKeys);

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
  for (const key in line) {
    if (!knownKeys.has(key) && Object.hasOwn(line, key)) reportLineKey(key, line[key], at);
  }
  const { custom_id, method, url, body } = line;
  if (custom_id === undefined || method === undefined || url === undefined || body === undefined) {
    for (const key of lineKeys) if (line[key] === undefined) reportMissing(key, at);
  }
  at.enter("custom_id");
  if (custom_id !== undefined) inspectCustomId(custom_id, at);
  at.leave();
  if (method !== undefined && method !== "POST") reportMethod(method, at);
  const endpoint = at.service === undefined ? inspectUrl(url, at) : inspectUrlOf(at.service, url, at);
  if (body === undefined) return;
  at.enter("body");
  if (endpoint !== undefined) inspectBody(endpoint, body, at);
  else inspectUnknownBody(body, at);
  at.leave();
}

/** A path of another server has no rules here. */
function inspectUnknownBody(body: unknown, at: Inspection): void {
  inspectCharacters(body, at);
  if (!isObject(body)) wrongType(at, "an object", body);
}

function reportLineKey(key: string, value: unknown, at: Inspection): void {
  const nearest = nearestName(key, lineKeys);
  const hint = nearest === undefined ? undefined : `Did you mean ${nearest}?`;
  at.inside(key, () => at.warning("unknown_line_key", `unknown key ${describeName(key)} in a line.`, hint));
  inspectCharacters({ [key]: value }, at);
}

function reportMethod(method: unknown, at: Inspection): void {
  at.inside("method", () => {
    at.error("invalid_method", `${describeName(method)} is not a method of the Batch API: only "POST" is.`);
  });
}

/** The endpoint that a url means. */
function inspectUrl(url: unknown, at: Inspection): Endpoint | undefined {
  const endpoint = recogniseEndpoint(url);
  if (url !== undefined && endpoint !== url) reportUrl(url, endpoint, at);
  return endpoint;
}

/** The same at a service that has urls of its own. */
function inspectUrlOf(
  { title, urls, isUrlKnown }: OtherService,
  url: unknown,
  at: Inspection,
): Endpoint | undefined {
  const known = Object.keys(urls);
  if (typeof url === "string" && Object.hasOwn(urls, url)) return recogniseEndpoint(urls[url]);
  const meant = recogniseEndpoint(url);
  if (url === undefined || (known.length === 0 && isServerPath(url))) return meant;
  const message = `${describeName(url)} is not a url that lines have at ${title}.`;
  const spelling = known.find((each) => meant !== undefined && urls[each] === meant);
  const hint = spelling === undefined ? listUrls(known) : `Use "${spelling}".`;
  at.inside("url", () => {
    if (isUrlKnown || !isServerPath(url)) at.error("invalid_url", message, hint);
    else at.warning("invalid_url", message, hint);
  });
  return meant;
}

function listUrls(known: readonly string[]): string {
  return known.length === 0 ? "Use a path, with one slash first." : `Use one of ${known.join(", ")}.`;
}

function reportUrl(url: unknown, recognised: Endpoint | undefined, at: Inspection): void {
  const meant = recognised ?? (typeof url === "string" ? nearestName(url, endpoints) : undefined);
  const message = `${describeName(url)} is not an endpoint of the Batch API.`;
  at.inside("url", () => {
    // A path of another server is its own affair, unless it looks like a slip.
    if (at.target === "upload" || !isServerPath(url)) at.error("invalid_url", message, toUrlHint(url, meant));
    else if (meant !== undefined && recognised === undefined)
      at.warning("invalid_url", message, toUrlHint(url, meant));
    else
      at.refused(
        "invalid_url",
        message,
        "It is sent as it is; what the server takes there is not known here.",
      );
  });
}

function isServerPath(url: unknown): boolean {
  return typeof url === "string" && /^\/[^/]/.test(url);
}

function toUrlHint(url: unknown, meant: string | undefined): string {
  if (meant === undefined) return `Use one of ${endpoints.join(", ")}.`;
  return isZhipuForm(url) ? `This is Zhipu's form; OpenAI's is "${meant}".` : `Use "${meant}".`;
}
