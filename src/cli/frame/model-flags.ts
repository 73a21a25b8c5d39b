import { type Command, InvalidArgumentError } from "commander";
import { quoteArgument } from "../../errors/index.js";

/** What models are called at a service whose requests are of another shape than ours. */
export interface ModelFlags {
  readonly model?: string;
  readonly map?: Readonly<Record<string, string>>;
}

export function addModelOptions(command: Command): Command {
  return command
    .option("--model <name>", "the service's model for every request, where its lines are not OpenAI's")
    .option(
      "--map <name=its-name>",
      "what the service calls a model: gpt-4o-mini=claude-haiku-4-5; may be repeated",
      collectPair,
    );
}

export function toModelOptions({ model, map }: ModelFlags) {
  return { ...(model === undefined ? {} : { model }), ...(map === undefined ? {} : { modelNames: map }) };
}

/** The same in a command that people copy. */
export function toModelWords({ model, map = {} }: ModelFlags): string {
  const words = [
    ...(model === undefined ? [] : ["--model", quoteArgument(model)]),
    ...Object.entries(map).flatMap(([name, its]) => ["--map", quoteArgument(`${name}=${its}`)]),
  ];
  return words.map((word) => ` ${word}`).join("");
}

function collectPair(value: string, earlier: Readonly<Record<string, string>> = {}) {
  const [, name, its] = /^([^=]+)=(.+)$/s.exec(value) ?? [];
  if (name === undefined || its === undefined)
    throw new InvalidArgumentError(
      "It must be two names with = between, as in gpt-4o-mini=claude-haiku-4-5.",
    );
  return { ...earlier, [name]: its };
}
