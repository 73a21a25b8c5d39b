import type { CreateEmbeddingResponse, Embedding } from "openai/resources/embeddings";
import { hashText, Random } from "../../format/index.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { readCount, readList, readText } from "./read-body.js";
import { rehearsalModelName } from "./rehearsal-model.js";
import { RehearsedError, toWrongParameter } from "./rehearsed-error.js";
import { countPromptTokens } from "./token-estimate.js";
import { toUnitVector } from "./unit-vector.js";

/** The dimensions of the vectors that models give by default, and of models that are not known. */
const dimensionsByModel: ReadonlyMap<string, number> = new Map([
  ["text-embedding-3-large", 3072],
  ["text-embedding-3-small", 1536],
  ["text-embedding-ada-002", 1536],
]);
const usualDimensions = 1536;
const maxDimensions = 100_000;

/**
 * The body that `/v1/embeddings` answers with: vectors of length 1, the same for the same input in whatever request.
 * Inputs that are alike have vectors that are not.
 */
export function toEmbeddings(request: EndpointRequest): string {
  const { body } = request;
  const model = readText(body, "model");
  const inputs = readInputs(body);
  const plainModel = model.replace(/^rehearsal-/, "");
  const dimensions =
    readCount(request, "dimensions", { min: 1, max: maxDimensions }) ??
    dimensionsByModel.get(plainModel) ??
    usualDimensions;
  const encoding = readEncoding(body);
  const tokens = countPromptTokens(inputs);
  const frame = JSON.stringify({
    object: "list",
    data: [],
    model: rehearsalModelName(model),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  } satisfies CreateEmbeddingResponse);
  const data = inputs.map((input, index) => {
    const random = new Random(
      hashText(`${plainModel} ${typeof input === "string" ? input : JSON.stringify(input)}`),
    );
    const item = JSON.stringify({ object: "embedding", index, embedding: [] } satisfies Embedding);
    return item.replace("[]", () => toUnitVector(random, dimensions, encoding));
  });
  // The numbers are written as text from the start: to turn them into text is what takes the time.
  return frame.replace("[]", () => `[${data.join(",")}]`);
}

/** One text or list of tokens for each vector. */
function readInputs(body: EndpointRequest["body"]): readonly unknown[] {
  if (typeof body.input === "string") return [assertInput(body.input)];
  const list = readList(body, "input");
  return typeof list[0] === "number" ? [assertInput(list)] : list.map(assertInput);
}

function assertInput(input: unknown): unknown {
  const isTokens = Array.isArray(input) && input.every(Number.isInteger);
  if (typeof input !== "string" && !isTokens)
    throw toWrongParameter("input", "strings or arrays of tokens", input);
  if (input.length > 0) return input;
  throw new RehearsedError(400, "Invalid 'input': input cannot be an empty string.", { param: "input" });
}

function readEncoding({ encoding_format: encoding }: EndpointRequest["body"]): "float" | "base64" {
  if (encoding === undefined || encoding === null) return "float";
  if (encoding === "float" || encoding === "base64") return encoding;
  throw new RehearsedError(
    400,
    "Invalid value for 'encoding_format'. Supported values are: 'float' and 'base64'.",
    {
      param: "encoding_format",
      code: "invalid_value",
    },
  );
}
