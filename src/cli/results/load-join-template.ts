import { dirname } from "node:path";
import { loadRowTemplate, type RowTemplate } from "../../index.js";

export interface JoinFlags {
  readonly join?: string;
  readonly template?: string;
}

/** The template of a table that is joined, as the build loads it: images are part of what is asked. */
export async function loadJoinTemplate({
  template,
  join = "-",
}: JoinFlags): Promise<RowTemplate | undefined> {
  if (template === undefined) return undefined;
  const imageFolder = join === "-" ? "." : dirname(join);
  return loadRowTemplate(template, { imageFolder, target: "openbatch", allowUnknownParameters: true });
}
