import {
  countEmbeddingInputs,
  Inspection,
  type InspectionOptions,
  inspectCustomId,
  inspectRequest,
  isObject,
  modelOf,
  recogniseEndpoint,
} from "../../api/index.js";
import { isMessageRequest, toLineKind } from "../../batch-file/index.js";
import type { Problem } from "../../errors/index.js";
import { FormatReader } from "./format-reader.js";
import type { ServiceCheck } from "./service-check.js";

type Request = Readonly<Record<string, unknown>>;

/** What is wrong with a request, and what is counted of it. */
interface InspectedRequest {
  readonly problems: readonly Problem[];
  /** Nothing, where the line is no request of a batch file, or too deep. */
  readonly counted?: Counted;
}

/** What is counted of a request. */
export interface Counted {
  readonly url: string | undefined;
  readonly model: string | undefined;
  readonly embeddingInputs: number;
  /** See `FormatReader`. */
  readonly format: string | undefined;
}

/** Looks at one request after the other, as it stands for itself: knows nothing of its line but how long that is. */
export class RequestInspector {
  readonly #inspection: Inspection;
  readonly #service: ServiceCheck;
  readonly #formats = new FormatReader();

  constructor(service: ServiceCheck, options: InspectionOptions) {
    this.#service = service;
    this.#inspection = new Inspection(options);
  }

  /** Whether the rules over an id and the length of its line find nothing. */
  takes(custom_id: string, bytes: number): boolean {
    const inspection = this.#inspection;
    inspection.reset();
    inspectCustomId(custom_id, inspection);
    this.#service.inspect({ custom_id }, undefined, inspection);
    this.#service.inspectLength(bytes, inspection);
    return inspection.problems.length === 0;
  }

  /** The bytes are those of its line. */
  inspect(request: Request, bytes: number): InspectedRequest {
    if (toLineKind(request) === "result") return { problems: [resultProblem] };
    if (isMessageRequest(request)) return { problems: [messageRequestProblem] };
    const inspection = this.#inspection;
    inspection.reset();
    try {
      inspectRequest(request, inspection);
      this.#service.inspect(request, isObject(request.body) ? request.body : undefined, inspection);
      this.#service.inspectLength(bytes, inspection);
      const format = this.#readFormat(request.body);
      return { problems: inspection.problems, counted: toCounted(request, format) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { problems: [...inspection.problems, depthProblem] };
    }
  }

  /** The key of the format that a body asks for. */
  #readFormat(body: unknown): string | undefined {
    if (!isObject(body)) return undefined;
    this.#inspection.enter("body");
    const format = this.#formats.read(body, this.#inspection);
    this.#inspection.leave();
    return format;
  }
}

function toCounted({ url, body }: Request, format: string | undefined): Counted {
  const isEmbedding = isObject(body) && recogniseEndpoint(url) === "/v1/embeddings";
  return {
    url: typeof url === "string" ? url : undefined,
    model: modelOf(body),
    embeddingInputs: isEmbedding ? countEmbeddingInputs(body) : 0,
    format,
  };
}

const resultProblem: Problem = {
  severity: "error",
  code: "not_a_batch_file",
  path: "",
  message: "This looks like a results file: the line has an answer, and no request.",
  hint: "Check the batch file that the results belong to.",
};

const messageRequestProblem: Problem = {
  severity: "error",
  code: "not_a_batch_file",
  path: "",
  message: "This is a request as Anthropic's batches have it: the line has params, and neither url nor body.",
  hint: "Plan and submit it there: --provider anthropic.",
};

const depthProblem: Problem = {
  severity: "error",
  code: "invalid_value",
  path: "",
  message: "The request is nested too deep to be checked.",
  hint: "Nest it less deep.",
};
