import { type Endpoint, isObject } from "../../api/index.js";
import type { RequestWriter } from "../file/request-writer.js";
import type { WriteOutcome } from "../file/write-each-row.js";
import { type ToRequest, toInstance } from "./instance-requests.js";
import type { RenderBody } from "./templated-line.js";

export interface TemplatedWriterOptions {
  readonly url: Endpoint;
  readonly toRequest: ToRequest;
  /** Gives the quick way to the same text, if there is one. */
  readonly compile: () => RenderBody | undefined;
  /** Sees the values of every instance. */
  readonly onValues: (values: Readonly<Record<string, unknown>>) => void;
}

/**
 * Writes the instances of a template. The first one without parameters of its own is checked whole; from then on the
 * likes of it are rendered. All others are checked whole, each.
 */
export function templatedWriter(
  writer: RequestWriter,
  { url, toRequest, compile, onValues }: TemplatedWriterOptions,
): (instance: unknown) => WriteOutcome {
  let render: RenderBody | undefined;
  let isCompiled = false;
  return (instance) => {
    const known = toInstance(instance, "promptValueMapping");
    const values = known.promptValueMapping;
    if (isObject(values)) onValues(values);
    const isPlain = known.instanceRequestOptions === undefined && isObject(values);
    const bodyText = isPlain ? render?.(values) : undefined;
    if (bodyText !== undefined) return writer.writeRendered({ custom_id: known.custom_id, url, bodyText });
    const outcome = writer.write(toRequest(instance));
    if (isPlain && !isCompiled) {
      render = compile();
      isCompiled = true;
    }
    return outcome;
  };
}
