import { formatCount } from "../errors/index.js";
import { byteLimitOf, type Profile } from "../providers/index.js";

/** What nobody has confirmed of the limits that a plan keeps to. */
export function listUnknowns({ title, name, limits }: Profile, parts: number): readonly string[] {
  if (name === "custom") return ["Nothing is known of the service: the limits are those of OpenAI."];
  const { requests, models, endpoints } = limits;
  const size = byteLimitOf(limits);
  const doubts = [
    ...(requests?.isVerified === false ? [`${formatCount(requests.value)} requests`] : []),
    ...(size?.fact.isVerified === false ? [`${formatCount(size.safe)} bytes`] : []),
    ...(!models.isVerified && parts > 1 ? [`${models.value} model`] : []),
    ...(!endpoints.isVerified && parts > 1 ? [`${endpoints.value} endpoint`] : []),
  ];
  return doubts.length === 0 ? [] : [`Not confirmed of a batch at ${title}: ${doubts.join(", ")}.`];
}
