import { byKey } from "../rule/by-key.js";
import { object } from "../rule/object-rule.js";
import { anything, byType, list, type Parameters, required, text } from "../rule/rule.js";
import { imageAddress } from "./image-address.js";
import { model } from "./model.js";
import { stream } from "./stream.js";

const part = byKey("type", {
  text: object({ type: anything, text: required(text()) }),
  image_url: object({
    type: anything,
    image_url: required(byType('{"url": …}', { object: object({ url: required(imageAddress) }) })),
  }),
});

/** `POST /v1/moderations`. Source: openai-node 7.57 and OpenAI's batch guide, November 2026. */
export const moderationParameters = {
  input: required(
    byType("a string or an array", {
      string: text(),
      array: list(byType("a string or an input part", { string: text(), object: part }), { min: 1 }),
    }),
  ),
  model,
  stream: stream("Moderations"),
} satisfies Parameters;
