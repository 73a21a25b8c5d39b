import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { stringFormats } from "../../src/format/schema/string-format.js";
import { isSupportedKeyword } from "../../src/format/schema/supported-keywords.js";
import { root } from "./user-folder.js";

/** Of JSON Schema, drafts 4 to 2020-12, and of OpenAPI. */
const keywords = (
  "$schema $id id $anchor $ref $defs definitions $comment $vocabulary $dynamicRef $dynamicAnchor $recursiveRef " +
  "$recursiveAnchor type enum const allOf anyOf oneOf not if then else dependentSchemas dependentRequired dependencies " +
  "properties patternProperties additionalProperties propertyNames unevaluatedProperties required minProperties " +
  "maxProperties items prefixItems additionalItems contains minContains maxContains unevaluatedItems minItems maxItems " +
  "uniqueItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format title " +
  "description default examples example deprecated readOnly writeOnly contentEncoding contentMediaType contentSchema " +
  "nullable discriminator externalDocs xml"
).split(" ");

const page = readFileSync(path.join(root, "docs/rehearse.md"), "utf8");
const section = /\n## Keywords of schemas\n([\s\S]*?)\nA schema with any other keyword/.exec(page)?.[1] ?? "";

test("the page about rehearsals lists the keywords and formats that a rehearsal knows, and no others", () => {
  const named = [...section.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual([...keywords.filter(isSupportedKeyword), ...stringFormats.keys()].sort());
});
