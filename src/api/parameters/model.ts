import { text } from "../rule.js";

/** Any name: models come and go, and other services have their own. */
export const model = text({ min: 1 });
