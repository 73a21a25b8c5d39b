import { Ajv2020 } from "ajv/dist/2020.js";
import { default as addFormats } from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashText } from "../../../src/rehearse/hash-text.js";
import { Random } from "../../../src/rehearse/random.js";
import { compileSchema, type ValueMaker } from "../../../src/rehearse/schema/compile-schema.js";
import { SchemaFault } from "../../../src/rehearse/schema/schema-fault.js";
import { anySchema } from "./any-schema.js";

function compileOrFault(schema: unknown): ValueMaker | SchemaFault {
  try {
    return compileSchema(schema);
  } catch (error) {
    if (error instanceof SchemaFault) return error;
    throw error;
  }
}
const tally: Record<string, number> = {};
describe("any schema", () => {
  it("x", () => {
    fc.assert(
      fc.property(anySchema, fc.integer(), (schema, seed) => {
        const t0 = performance.now();
        const make = compileOrFault(schema);
        const key = make instanceof SchemaFault ? make.message.replace(/'.*?'/, "") : "made";
        tally[key] = (tally[key] ?? 0) + 1;
        if (make instanceof SchemaFault) {
          if (process.env.SHOW && key.includes("no value")) console.log(JSON.stringify(schema));
          return;
        }
        const ajv = new Ajv2020({ strict: false, validateSchema: false, ownProperties: true });
        addFormats.default(ajv);
        const validate = ajv.compile(schema);
        for (let i = 0; i < 5; i++) {
          const value = JSON.parse(JSON.stringify(make(new Random(hashText(`${seed} ${i}`)))));
          if (!validate(value))
            throw new Error(`${JSON.stringify(value)} ${JSON.stringify(validate.errors)}`);
        }
        if (performance.now() - t0 > 300) console.log("slow", performance.now() - t0, JSON.stringify(schema));
      }),
      { numRuns: Number(process.env.RUNS ?? 2000) },
    );
    console.log(tally);
    expect(1).toBe(1);
  });
});
