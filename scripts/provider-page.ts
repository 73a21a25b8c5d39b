import { byteLimitOf, type Fact, type Profile } from "../src/providers/index.js";

/** The page of docs that lists every service, made from the one table of profiles. */
export function toProviderPage(profiles: readonly Profile[]): string {
  return [head, toTable(profiles), ...profiles.map(toSection)].join("\n");
}

const head = `<!-- Written by \`npm run provider-page\` from src/providers/profiles. -->

# Services with batches

What openbatch knows of each service that takes batches, with the source and the month in which it was read. Services change.
What stands with a question mark nobody has confirmed: it warns, and refuses nothing.

\`\`\`sh
openbatch validate --for groq requests.jsonl
\`\`\`

holds a file to the limits and urls of a service, and so does \`validateBatchFile("requests.jsonl", { target: "groq" })\`.
\`findProfile("groq")\` gives all of this as data, \`recogniseProfile(baseURL)\` the same for a base URL. What OpenAI alone is
known to refuse, as \`temperature: 2.5\`, is a warning for another service.
`;

const columns = ["name", "service", "requests", "size", "in one file", "windows", "price", "asked every"];

function toTable(profiles: readonly Profile[]): string {
  const rows = profiles.map((profile) => [
    `[\`${profile.name}\`](#${profile.name})`,
    profile.title,
    toRequests(profile),
    toSize(profile),
    toMixture(profile),
    show(profile.windows, ({ default: first, others }) => [first, ...others].join(", ")),
    profile.priceFactor === undefined ? "" : show(profile.priceFactor, (factor) => `× ${factor}`),
    `${profile.pollSeconds.value} s`,
  ]);
  return `${[columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")}
`;
}

function toRequests({ limits: { requests, embeddingRequests } }: Profile): string {
  if (requests === undefined) return "";
  const fewer = embeddingRequests === undefined ? "" : ` (embeddings ${toCount(embeddingRequests.value)})`;
  return `${show(requests, toCount)}${fewer}`;
}

function toSize({ limits }: Profile): string {
  const size = byteLimitOf(limits);
  if (size === undefined) return "";
  return show(size.fact, (value) =>
    limits.bytes === undefined ? `${toCount(value)} MB` : `${toCount(value)} bytes`,
  );
}

function toMixture({ limits: { models, endpoints } }: Profile): string {
  return `${show(models, (value) => `${value} model${value === "one" ? "" : "s"}`)}, ${show(endpoints, (value) => `${value} endpoint${value === "one" ? "" : "s"}`)}`;
}

function toSection(profile: Profile): string {
  const bySource = new Map<string, string[]>();
  for (const [text, { source, date, isVerified }] of listFacts(profile)) {
    const from = `${source}, ${date}${isVerified ? "" : " (not confirmed)"}`;
    bySource.set(from, [...(bySource.get(from) ?? []), `- ${escapeMarkup(text)}`]);
  }
  const groups = [...bySource].map(([source, lines]) => `From ${source}:\n\n${lines.join("\n")}\n`);
  return `## ${profile.name}\n\n${profile.title}.\n\n${groups.join("\n")}`;
}

type Line = readonly [string, Fact<unknown>];

function listFacts(profile: Profile): Line[] {
  const { baseURLs, keyVariable, authentication, urls, limits, refusals, remarks } = profile;
  return [
    ...line(baseURLs, (list) => (list.length === 0 ? undefined : `Base URL: ${code(list)}.`)),
    ...line(
      keyVariable,
      (name) => `Its key is in ${code([name])}, and goes ${toHeader(authentication.value)}.`,
    ),
    ...line(urls, (table) => toUrls(Object.keys(table))),
    ...line(
      isAssumed(limits.embeddingInputs) ? undefined : limits.embeddingInputs,
      (most) => `At most ${toCount(most)} inputs of embeddings in a batch.`,
    ),
    ...line(limits.lineBytes, (most) => `At most ${toCount(most)} bytes in a line.`),
    ...line(limits.ids, toIdRule),
    ...line(limits.batchesAtOnce, (most) => `At most ${toCount(most)} batches at once.`),
    ...line(limits.batchesAnHour, (most) => `At most ${toCount(most)} batches an hour.`),
    ...line(refusals.parameters, (names) => `Refused in a body: ${code(names)}.`),
    ...line(refusals.onlyModels, (names) => `Models with batches: ${code(names)}.`),
    ...line(refusals.blankLines, (refused) => (refused ? "Blank lines are refused." : undefined)),
    ...line(profile.times, (times) =>
      times === "seconds" ? undefined : `Time stamps are ${toTimes(times)}.`,
    ),
    ...line(profile.hasEmptyErrorFile, (is) =>
      is ? "A batch without failures has an error file all the same, which is empty." : undefined,
    ),
    ...line(profile.looksAtFiles, (is) =>
      is
        ? "A file is looked at after its upload: a batch can be made of it when its status is `processed`."
        : undefined,
    ),
    ...line(profile.otherEndpoints, toOtherEndpoints),
    ...line(profile.intentKey, (key) => `A batch is found again by \`${key}\` of its metadata.`),
    ...remarks.map((remark): Line => [remark.value, remark]),
  ];
}

/** As OpenAI has it: nothing differs then. */
function isAssumed(fact: Fact<unknown> | undefined): boolean {
  return fact?.isVerified === false;
}

function line<Value>(fact: Fact<Value> | undefined, toText: (value: Value) => string | undefined): Line[] {
  const text = fact === undefined ? undefined : toText(fact.value);
  return fact === undefined || text === undefined ? [] : [[text, fact]];
}

function toHeader(authentication: Profile["authentication"]["value"]): string {
  return authentication === "bearer" ? "as `Authorization: Bearer`" : `in the header \`${authentication}\``;
}

function toUrls(urls: readonly string[]): string {
  if (urls.length === 0) return "Which urls its lines have is not known: any is taken.";
  return `Urls of lines: ${code(urls)}.`;
}

function toOtherEndpoints(table: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(table).map(([ours, other]) => `\`${ours}\` may have to be \`${other}\``);
  return `In the call that makes a batch, ${pairs.join(", ")}: clients that were tried there disagree.`;
}

function toIdRule({
  minLength,
  maxLength,
  isPlain,
}: {
  minLength: number;
  maxLength: number;
  isPlain: boolean;
}): string {
  const most = maxLength === Number.MAX_SAFE_INTEGER ? "or more" : `to ${maxLength}`;
  return `Ids have ${minLength} ${most} ${isPlain ? "letters, digits, `-` and `_`" : "characters"}.`;
}

function toTimes(times: "texts" | "either"): string {
  return times === "texts" ? "texts of ISO 8601" : "seconds, or texts of ISO 8601";
}

function show<Value>({ value, isVerified }: Fact<Value>, toText: (value: Value) => string): string {
  return `${toText(value)}${isVerified ? "" : " ?"}`;
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

function toCount(value: number): string {
  return value.toLocaleString("en-US");
}

/** Markdown takes these characters for markup, outside of code. */
function escapeMarkup(text: string): string {
  return text.replace(/(`[^`]*`)|[<>*]/g, (found, isCode) => (isCode === undefined ? `\\${found}` : found));
}
