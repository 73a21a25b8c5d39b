import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BatchCollector, type CollectorWarning, RequestError } from "../../src/index.js";
import { createChecker, outline } from "../check/checker.js";
import { chatLine } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const { check } = createChecker(folder);

const closed = (properties: object) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const text = { type: "string" };
/** A wrapper and branches that close each other out. */
const contradiction = closed({
  pet: { ...closed({ base: text }), anyOf: [closed({ a: text }), closed({ b: text })] },
});
const endless = closed({ code: { type: "array", minItems: 1_000_000_000, items: text } });

const chatFormat = (schema: object, others: object = { strict: true }) => ({
  type: "json_schema",
  json_schema: { name: "pet", schema, ...others },
});

function responsesLine(custom_id: string, schema: object): string {
  const body = {
    model: "gpt-4o-mini",
    input: "Hi",
    text: { format: { type: "json_schema", name: "pet", schema, strict: true } },
  };
  return JSON.stringify({ custom_id, method: "POST", url: "/v1/responses", body });
}

const fileOf = (...lines: string[]) => lines.map((line) => `${line}\n`).join("");

describe("a strict format that stands ready made in a line", () => {
  it("is an error of the check where nothing fits it, with the place within the schema", async () => {
    const lines = ["a", "b"].map((id) => chatLine(id, { response_format: chatFormat(contradiction) }));
    const report = await check(fileOf(...lines));
    expect(outline(report)).toEqual(["error invalid_schema 1 2"]);
    expect(report.findings[0]).toMatchObject({
      path: "body.response_format.json_schema.schema",
      message: "at #/properties/pet: no value fits: what it asks for contradicts itself.",
    });
    const openbatch = await check(fileOf(...lines), { target: "openbatch" });
    expect(outline(openbatch)).toEqual(["error invalid_schema 1 2"]);
  });

  it("is found in responses, and in whatever order schemas come", async () => {
    const lines = [contradiction, closed({ a: text }), contradiction].map((schema, index) =>
      responsesLine(`id-${index}`, schema),
    );
    const report = await check(fileOf(...lines), { ignore: ["format_name_conflict"] });
    expect(outline(report)).toEqual(["error invalid_schema 1 3"]);
    expect(report.findings[0]?.path).toBe("body.text.format.schema");
  });

  it("is warned of where no value was found", async () => {
    const report = await check(fileOf(chatLine("a", { response_format: chatFormat(endless) })));
    expect(outline(report)).toEqual(["warning invalid_schema 1"]);
    expect(report.findings[0]?.message).toContain("no value was found that fits");
  });

  it("is left alone where values fit, where it is not strict, and where it is refused for its form", async () => {
    const open = { ...contradiction, additionalProperties: true };
    const lines = [
      chatLine("a", { response_format: chatFormat(closed({ a: text })) }),
      chatLine("b", { response_format: chatFormat(contradiction, {}) }),
      chatLine("c", { response_format: chatFormat(open) }),
    ];
    const { findings } = await check(fileOf(...lines), { ignore: ["format_name_conflict"] });
    expect(findings.map(({ message }) => message)).toEqual([
      "at #: an object has to be closed; additionalProperties is true.",
    ]);
  });

  it("is refused by the collector, which writes nothing", () => {
    const path = join(folder, "collected.jsonl");
    const warnings: CollectorWarning[] = [];
    const collector = new BatchCollector(path, { onWarning: (warning) => warnings.push(warning) });
    const add = (custom_id: string, schema: object) =>
      collector.add({
        custom_id,
        url: "/v1/chat/completions",
        body: {
          model: "gpt-4o-mini",
          messages: [{ role: "user", content: "Hi" }],
          response_format: { type: "json_schema", json_schema: { name: custom_id, strict: true, schema } },
        },
      });
    for (const attempt of [1, 2]) {
      expect(() => add(`no-${attempt}`, contradiction)).toThrow(RequestError);
    }
    add("doubt", endless);
    add("good", closed({ a: text }));
    collector.close();
    expect(readFileSync(path, "utf8").match(/"custom_id":"[^"]+"/g)).toEqual([
      '"custom_id":"doubt"',
      '"custom_id":"good"',
    ]);
    expect(warnings.map(({ custom_id, message }) => `${custom_id} ${message}`)).toEqual([
      "doubt at #: no value was found that fits, so perhaps there is none.",
    ]);
  });
});
