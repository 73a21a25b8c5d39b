import { isObject } from "../rule/rule.js";

/** The model that a body asks for, if it names one. */
export function modelOf(body: unknown): string | undefined {
  return isObject(body) && typeof body.model === "string" ? body.model : undefined;
}
