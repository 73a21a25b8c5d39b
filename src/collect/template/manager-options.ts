import { type Endpoint, flagOption, type OptionRule } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import type { Format } from "../../format/index.js";
import { collectorOptionRules } from "../file/assert-collector-options.js";
import type { CollectorOptions } from "../file/collector-options.js";
import { type BulkOptions, bulkOptionRules, type Rows } from "../file/write-each-row.js";
import type { EmbeddingInputInstance } from "./embedding-input-instance.js";
import type { EmbeddingsRequest } from "./embeddings-request.js";
import type { Prompt, PromptedRequest } from "./instance-requests.js";
import type { MessagesInputInstance } from "./messages-input-instance.js";
import type { PromptTemplate } from "./prompt-template.js";
import type { PromptTemplateInputInstance } from "./prompt-template-input-instance.js";
import type { VariablesOf } from "./prompt-template-variables.js";
import type {
  ChatCompletionsRequestParameters,
  EmbeddingsRequestParameters,
  RequestBody,
  ResponsesRequestParameters,
} from "./request-parameters.js";
import type { ResponsesRequest } from "./responses-request.js";
import type { PromptVariables, ReusablePrompt } from "./reusable-prompt.js";

/** What may be said about a request, or, without a `custom_id`, about a file or all its requests. */
export interface ManagerWarning extends Problem {
  readonly custom_id: string | undefined;
}

export interface BatchJobManagerOptions
  extends Pick<CollectorOptions, "ensureAscii" | "onDuplicate" | "target" | "allowUnknownParameters"> {
  /** Gets every warning. By default each becomes a process warning, those about requests once for each code. */
  readonly onWarning?: ((warning: ManagerWarning) => void) | undefined;
}

/** One request and where it goes. */
export interface AddedRequest {
  readonly custom_id: string;
  /** A request object, or any `url` and `body`. */
  readonly request: {
    readonly url: Endpoint;
    readonly body: RequestBody;
    readonly format?: Format | undefined;
  };
  /** Created with its folders if absent, appended to if present. */
  readonly saveFilePath: string | URL;
}

/** An array is named apart, so that the compiler points at the very instance that it refuses. */
type Instances<Instance> = readonly Instance[] | Rows<Instance>;

interface InstancesOptions extends BulkOptions {
  /** Created with its folders if absent, appended to if present. */
  readonly saveFilePath: string | URL;
  /** Says nothing of what is only likely to be wrong, nor that the file is there already. Default false. */
  readonly suppressWarnings?: boolean | undefined;
}

/** What `addTemplatedInstances` takes. */
export interface TemplatedInstancesOptions<
  Template extends Prompt | undefined,
  Request extends PromptedRequest,
> extends InstancesOptions {
  /** Without one, each instance has its messages. A reusable prompt goes with responses requests alone. */
  readonly prompt?: Template | undefined;
  /** What the requests have in common. */
  readonly commonRequest: Request & (Template extends ReusablePrompt ? ResponsesRequest : unknown);
  /** Any iterable or async iterable: the next is taken when the last is written. */
  readonly inputInstances: Instances<InstanceOf<Template, Request>>;
}

/** What `addEmbeddingRequests` takes. */
export interface EmbeddingInstancesOptions extends InstancesOptions {
  /** What the requests have in common. */
  readonly commonRequest: EmbeddingsRequest;
  /** Any iterable or async iterable: the next is taken when the last is written. */
  readonly inputInstances: Instances<
    EmbeddingInputInstance<Partial<Omit<EmbeddingsRequestParameters, "input">>>
  >;
}

type InstanceOf<Template extends Prompt | undefined, Request extends PromptedRequest> = [Template] extends [
  PromptTemplate<infer Messages>,
]
  ? PromptTemplateInputInstance<VariablesOf<Messages>, OptionsOf<Request>>
  : [Template] extends [ReusablePrompt]
    ? PromptTemplateInputInstance<PromptVariables, Omit<OptionsOf<ResponsesRequest>, "prompt">>
    : MessagesInputInstance<OptionsOf<Request>>;

/** The parameters that one instance may have of its own. */
type OptionsOf<Request extends PromptedRequest> = Request extends ResponsesRequest
  ? Partial<Omit<ResponsesRequestParameters, "input">>
  : Partial<Omit<ChatCompletionsRequestParameters, "messages">>;

const { ensureAscii, onDuplicate, target, allowUnknownParameters, onWarning } = collectorOptionRules;

/** What the options of a manager may be. */
export const managerOptionRules = { ensureAscii, onDuplicate, target, allowUnknownParameters, onWarning };

/** What is looked at more closely where it is used. */
const anyValue: OptionRule = { isValid: () => true, expected: "a value" };

/** What the options of its bulk calls may be. */
export const instancesOptionRules = {
  ...bulkOptionRules,
  prompt: anyValue,
  commonRequest: anyValue,
  inputInstances: anyValue,
  saveFilePath: {
    isValid: (value: unknown) => typeof value === "string" || value instanceof URL,
    expected: "a path",
  },
  suppressWarnings: flagOption,
};
