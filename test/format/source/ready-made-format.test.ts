import { type } from "arktype";
import { standardResponseFormat, standardTextFormat } from "openai/helpers/standard-schema";
import { expect, it } from "vitest";
import { toFormat } from "../../../src/format/index.js";

const city = type({ "+": "reject", name: "string > 1" });

it.each([
  ["standardResponseFormat", standardResponseFormat(city, "city")],
  ["standardTextFormat", standardTextFormat(city, "city")],
])("%s of the SDK keeps its parser", (_, given) => {
  const format = toFormat(given);
  expect(format.textFormatText).toBe(
    '{"type":"json_schema","name":"city","strict":true,"schema":{"type":"object",' +
      '"properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}}',
  );
  expect(format.validate({ name: "Oslo" })).toEqual({ value: { name: "Oslo" } });
  expect(format.validate({ name: "" })).toMatchObject({ issues: [{ path: [] }] });
});
