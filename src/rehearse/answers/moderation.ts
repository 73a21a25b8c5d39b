import type { Moderation, ModerationCreateResponse } from "openai/resources/moderations";
import { isObject } from "../../api/index.js";
import type { Random } from "../../format/index.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { readList, readOptionalText, refuseStream } from "./read-body.js";
import { rehearsalModelName } from "./rehearsal-model.js";
import { toWrongParameter } from "./rehearsed-error.js";

/** How many of the inputs are flagged, for programs to have both. */
const flaggedShare = 0.125;

type Category = keyof Moderation.Categories;

/** Every category, and whether images are looked at for it. */
const categories: readonly (readonly [name: Category, takesImages: boolean])[] = Object.entries({
  harassment: false,
  "harassment/threatening": false,
  sexual: true,
  hate: false,
  "hate/threatening": false,
  illicit: false,
  "illicit/violent": false,
  "self-harm/intent": true,
  "self-harm/instructions": true,
  "self-harm": true,
  "sexual/minors": false,
  violence: true,
  "violence/graphic": true,
} satisfies Record<Category, boolean>) as [Category, boolean][]; // the keys just written

/** The body that `/v1/moderations` answers with: a result for each text, or one for all parts of a mixed input. */
export function toModeration({ body, random }: EndpointRequest): string {
  refuseStream(body);
  const model = readOptionalText(body, "model") ?? "omni-moderation-latest";
  const id = `modr-${random.hex(32)}`;
  const results = readInputs(body).map((types) => toResult(types, random));
  return JSON.stringify({ id, model: rehearsalModelName(model), results } satisfies ModerationCreateResponse);
}

/** What kinds of content there are in each input that has a result of its own. */
interface InputTypes {
  readonly hasText: boolean;
  readonly hasImage: boolean;
}

const textAlone: InputTypes = { hasText: true, hasImage: false };

function readInputs(body: EndpointRequest["body"]): readonly InputTypes[] {
  if (typeof body.input === "string") return [textAlone];
  const list = readList(body, "input");
  if (list.every((input) => typeof input === "string")) return list.map(() => textAlone);
  if (!list.every(isObject))
    throw toWrongParameter("input", "a string, or an array of strings or of parts", list);
  const has = (type: string): boolean => list.some((part) => part.type === type);
  return [{ hasText: has("text"), hasImage: has("image_url") }];
}

function toResult({ hasText, hasImage }: InputTypes, random: Random): Moderation {
  const isFlagged = random.chance(flaggedShare);
  const worst = random.below(categories.length);
  const fromCategories = <Value>(toValue: (takesImages: boolean, index: number) => Value) =>
    // All categories, for they are what is walked through.
    Object.fromEntries(
      categories.map(([name, takesImages], index) => [name, toValue(takesImages, index)]),
    ) as Record<Category, Value>;
  return {
    flagged: isFlagged,
    categories: fromCategories((_, index) => isFlagged && index === worst),
    category_scores: fromCategories((_, index) => {
      const score = random.below(1_000) / 1_000_000;
      return isFlagged && index === worst ? 0.9 + score : score;
    }),
    category_applied_input_types: fromCategories((takesImages) => [
      ...(hasText ? ["text" as const] : []),
      ...(hasImage && takesImages ? ["image" as const] : []),
    ]) as Moderation.CategoryAppliedInputTypes, // those that take no images have none
  };
}
