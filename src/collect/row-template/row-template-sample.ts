import { type InspectionOptions, validateBody } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import {
  createFiller,
  type FillerContext,
  type TemplatePlace,
  toFieldPath,
  type UsedColumn,
} from "./row-filler.js";
import type { RowTemplateParts } from "./row-template-parts.js";
import type { RowTemplateSource } from "./row-template-source.js";

export interface SampleOptions extends InspectionOptions {
  readonly source: RowTemplateSource;
}

/** Checks the body that a template makes of a made-up row, so that a mistake in the template is seen before any row. */
export function assertSampleValid(parts: RowTemplateParts, { source, ...options }: SampleOptions): void {
  const { body, filled } = createSample(parts, source);
  const isFilled = (place: TemplatePlace) =>
    filled.some((other) => toFieldPath(other) === toFieldPath(place));
  const errors = validateBody(parts.url, body, { ...options, closedNames: true })
    .filter(({ severity }) => severity === "error")
    .map((problem) => ({ problem, place: toSourcePlace(problem, parts) }))
    .filter(({ place, problem }) => !isFilled(place) || problem.code === "invalid_type")
    .map(({ place, problem }) => ({
      place,
      problem: isFilled(place) ? withTextHint(problem) : problem,
    }));
  const [first, ...others] = errors;
  if (first === undefined) return;
  const { problem, place } = first;
  if (others.length === 0) throw source.errorAt(place, say(problem), problem.hint);
  const lines = others.map(
    (other) => `\n  line ${source.lineOf(other.place)}: ${say(other.problem)} ${other.problem.hint}`,
  );
  throw source.errorAt(place, [`${say(problem)} ${problem.hint}`, ...lines].join(""), problem.hint);
}

/** A type that text does not have is wrong in every row; any other mistake may be the sample's alone. */
function withTextHint(problem: Problem): Problem {
  // A hint that says more than which type to use is kept.
  return problem.hint.startsWith("Use ") ? { ...problem, hint: onlyText } : problem;
}

const onlyText = "A placeholder always gives text, so this value cannot come from a column.";

function say({ path, message }: Problem): string {
  return `${path.replace(/^body\.?/, "")}: ${message}`;
}

function createSample({ body }: RowTemplateParts, { errorAt }: RowTemplateSource) {
  const used: UsedColumn[] = [];
  const context: FillerContext = {
    nullText: "",
    toImageUrl: () => "data:image/png;base64,AAAA",
    errorAt,
    used,
  };
  const entries = body.map(({ key, value, place, isLiteral, imageKey }) => ({
    key,
    fill: isLiteral ? () => value : createFiller({ value, place, imageKey }, context),
  }));
  // A word that any rule about words is content with: what the rows say is not known here.
  const row = { number: 1, cells: Object.fromEntries(used.map(({ name }) => [name, "json"])) };
  return {
    body: Object.fromEntries(entries.map(({ key, fill }) => [key, fill(row)])),
    filled: used.map(({ place }) => place),
  };
}

/** Where in the template the value stands that a problem of the body is about. */
function toSourcePlace({ path }: Problem, { body }: RowTemplateParts): TemplatePlace {
  const [, key, ...rest] = toSteps(path);
  const parameter = body.find((candidate) => candidate.key === key);
  return parameter === undefined ? ["parameters"] : [...parameter.place, ...rest];
}

/** The steps of a path such as `body.messages[0]["odd key"]`. */
function toSteps(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(
    ([, index, quoted, name]) => {
      if (index !== undefined) return Number(index);
      // The path was made by JSON.stringify.
      return quoted === undefined ? (name ?? "") : (JSON.parse(quoted) as string);
    },
  );
}
