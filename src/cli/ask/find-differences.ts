import { parse } from "yaml";

/** What a template asks otherwise than another one, in words; `undefined` where one of them is no YAML. */
export function findDifferences(before: string, now: string): readonly string[] | undefined {
  const [old, fresh] = [read(before), read(now)];
  if (old === undefined || fresh === undefined) return undefined;
  const aspects: readonly (readonly [name: string, of: (template: Template) => unknown])[] = [
    ["the model", ({ parameters }) => parameters?.model],
    ["the question", toQuestion],
    ["the answer", toAnswer],
  ];
  const found = aspects.flatMap(([name, of]) => {
    const [was, is] = [of(old), of(fresh)].map(show);
    return was === is ? [] : [`${name} was ${was} and is now ${is}`];
  });
  if (found.length > 0) return found;
  return JSON.stringify(old) === JSON.stringify(fresh)
    ? []
    : [`what is asked beside that (the template was changed, or how long an answer may be)`];
}

interface Template {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly messages?: readonly { readonly content?: unknown }[];
  readonly schema?: {
    readonly properties?: Readonly<Record<string, { readonly enum?: readonly unknown[] }>>;
  };
}

function read(text: string): Template | undefined {
  try {
    const value: unknown = parse(text);
    // What is not there, or is of another kind, differs.
    return typeof value === "object" && value !== null ? (value as Template) : undefined;
  } catch {
    return undefined;
  }
}

function toQuestion({ messages }: Template): unknown {
  return Array.isArray(messages) ? messages.at(-1)?.content : messages;
}

function toAnswer({ schema }: Template): unknown {
  const properties = schema?.properties;
  const labels = properties?.label?.enum;
  if (Array.isArray(labels)) return `one of ${labels.join(", ")}`;
  if (schema === undefined) return "plain text";
  return typeof properties === "object" ? Object.keys(properties).join(", ") : schema;
}

const maxShown = 100;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}
