import type { Rule } from "../rule/rule.js";

/** A scheme of two letters or more: one is a drive of Windows. */
const remote = /^(?!file:)[a-z][a-z\d+.-]+:/i;

/** Warns of an image that is named by its path, where an address on the web or a data URL is wanted. */
export const notLocal: Rule = (value, at) => {
  if (typeof value !== "string" || value === "" || remote.test(value)) return;
  const message = "this looks like the path of a file, which the service cannot read.";
  at.warning("likely_refused", message, "Use an https address, or put the image in as a data URL.");
};
