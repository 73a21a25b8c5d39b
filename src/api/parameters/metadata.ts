import { mapOf, text } from "../rule/rule.js";

/** At most 16 pairs of a key of 64 and a text of 512 characters. Source: openai-node 7.57, November 2026. */
export const metadata = mapOf(text({ max: 512 }), { maxKeys: 16, maxKeyLength: 64 });
