import { all, type Rule, text } from "../rule/rule.js";

/** A scheme of two letters or more: one is a drive of Windows. */
const remote = /^(?!file:)[a-z][a-z\d+.-]+:/i;

const dataUrl = /^data:image\/(?:png|jpe?g|gif|webp);base64,[A-Za-z\d+/_-]/i;
const otherMedia = /^data:(?!image\/(?:png|jpe?g|gif|webp)[;,])/i;
/** The start of what an image in base64 looks like; no path is that long without a dot. */
const bareBase64 = /^[A-Za-z\d+/]{100}/;

const dataUrlHint =
  'Write "data:image/png;base64," and the bytes as base64; png, jpeg, gif and webp are taken.';

/**
 * The address of an image, or the image itself as a data URL. OpenAI answers "Expected a base64-encoded data URL with an image
 * MIME type (e.g. …), but got empty base64-encoded bytes" (anomalyco/opencode#23983, April 2026) or "… but got unsupported MIME
 * type 'application/pdf'", and to what is neither, "Expected a valid URL, but got a value with an invalid format", as public code
 * quotes it, read November 2026.
 */
const isReachable: Rule = (value, at) => {
  if (typeof value !== "string" || value === "") return;
  if (/^data:/i.test(value)) {
    if (dataUrl.test(value)) return;
    const found = otherMedia.test(value)
      ? "this data URL holds no png, jpeg, gif or webp image."
      : "this data URL has no base64 text.";
    return at.refused("invalid_value", found, dataUrlHint);
  }
  if (/^https?:/i.test(value)) return;
  if (remote.test(value)) {
    // Google fetches what is in its own storage.
    if (at.service !== undefined) return;
    const found = "this is no http or https address, and the service fetches no other.";
    return at.warning("likely_refused", found, "Use an https address, or put the image in as a data URL.");
  }
  if (bareBase64.test(value)) {
    return at.refused(
      "invalid_value",
      "this looks like base64 text without what comes before it.",
      dataUrlHint,
    );
  }
  const message = "this looks like the path of a file, which the service cannot read.";
  at.warning("likely_refused", message, "Use an https address, or put the image in as a data URL.");
};

export const imageAddress = all(text({ min: 1 }), isReachable);
