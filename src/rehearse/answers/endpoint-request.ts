import type { RequestTarget } from "../../api/index.js";
import type { Random } from "../../format/index.js";
import type { SchemaTexts } from "./schema-texts.js";

/** A request whose body is a JSON object, with all that an endpoint needs to make its answer up. */
export interface EndpointRequest {
  readonly body: Readonly<Record<string, unknown>>;
  /** Whose limits the request is held to. */
  readonly target: RequestTarget;
  /** Seeded with the request. */
  readonly random: Random;
  /** In seconds, as the wire has it; made up as all the rest. */
  readonly created: number;
  readonly schemas: SchemaTexts;
  /** What is to become of the answer, where the endpoint has such a thing. */
  readonly ending: "whole" | "refusal" | "truncation";
  /** What a model is to have written, in the place of what would be made up. */
  readonly ownText?: string | undefined;
}

/** The text of the body that an endpoint answers with. @throws RehearsedError */
export type EndpointAnswer = (request: EndpointRequest) => string;
