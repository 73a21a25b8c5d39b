import { flagOption, type OptionRule } from "../../api/index.js";
import { collectorOptionRules } from "../file/assert-collector-options.js";
import { bulkOptionRules } from "../file/write-each-row.js";

const { ensureAscii, onDuplicate, allowUnknownParameters, onWarning } = collectorOptionRules;
/** What the options of a manager may be. */
export const managerOptionRules = { ensureAscii, onDuplicate, allowUnknownParameters, onWarning };

/** What is looked at more closely where it is used. */
const anyValue: OptionRule = { isValid: () => true, expected: "a value" };

/** What the options of its bulk calls may be. */
export const instancesOptionRules = {
  ...bulkOptionRules,
  prompt: anyValue,
  commonRequest: anyValue,
  inputInstances: anyValue,
  saveFilePath: {
    isValid: (value: unknown) => typeof value === "string" || value instanceof URL,
    expected: "a path",
  },
  suppressWarnings: flagOption,
};
