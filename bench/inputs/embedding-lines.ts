import { drawFrom, type Row } from "../rows.js";

const model = "text-embedding-3-small";
const draw = drawFrom(1);
// A hundred vectors, so that writing them takes little time.
const vectors = Array.from({ length: 100 }, toVector);

export function toEmbeddingRequestLine({ id, review }: Row): string {
  const body = { model, input: review };
  return `${JSON.stringify({ custom_id: id, method: "POST", url: "/v1/embeddings", body })}\n`;
}

/** About 17 KB. */
export function toEmbeddingResultLine({ id }: Row, index: number): string {
  const data = `[{"object":"embedding","index":0,"embedding":${vectors[index % vectors.length]}}]`;
  const usage = JSON.stringify({ prompt_tokens: 62, total_tokens: 62 });
  const body = `{"object":"list","data":${data},"model":"${model}","usage":${usage}}`;
  const response = `{"status_code":200,"request_id":"4f2d9c1b7a6e4d0f8b3a5c7e${index}","body":${body}}`;
  return `{"id":"batch_req_68f1c2${index}","custom_id":"${id}","response":${response},"error":null}\n`;
}

/** 1,536 numbers of single precision, as the service writes them. */
function toVector(): string {
  return JSON.stringify(Array.from({ length: 1536 }, () => Number(((draw() - 0.5) / 10).toPrecision(8))));
}
