import { describe } from "../rule/describe.js";
import { isPresent } from "../rule/is-present.js";
import { object } from "../rule/object-rule.js";
import { isObject, type Rule, text } from "../rule/rule.js";
import { imageAddress } from "./image-address.js";

const keys = object({ image_url: imageAddress, file_id: text({ min: 1 }) });

const hint = 'Give {"image_url": …} (an address or a data URL) or {"file_id": …} (a file uploaded before).';

/** An image in a batch file, which cannot hold an upload: a url or the id of an uploaded file, one of the two. */
export const imageReference: Rule = (value, at) => {
  if (!isPlain(value)) {
    return at.error(
      "invalid_type",
      `expected a reference to an image, found ${describeUpload(value)}.`,
      hint,
    );
  }
  keys(value, at);
  const given = ["image_url", "file_id"].filter((key) => isPresent(value[key]));
  if (given.length === 2) at.error("conflicting_parameters", "image_url and file_id exclude each other.");
  if (given.length === 0) {
    at.error("missing_required_parameter", "Missing required parameter: 'image_url' or 'file_id'.", hint);
  }
};

/** A `Blob`, a `File`, bytes and a stream are objects of a class. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describeUpload(value: unknown): string {
  return isObject(value) ? `an upload (${value.constructor?.name ?? "object"})` : describe(value);
}
