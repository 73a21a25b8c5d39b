import { toRequestLine } from "../review-request.js";
import { drawFrom, type Row, toVariedText } from "../rows.js";

export function toVariedRequestLine(row: Row, index: number): string {
  return toRequestLine({ ...row, review: toVariedText(index) });
}

export function toLongRequestLine(row: Row): string {
  return toRequestLine({ ...row, review: row.review.repeat(18) });
}

/** 1.5 MB that look like a photograph, as base64 of 2 MB. */
const image = toImage(1_500_000);

export function toImageRequestLine({ id, review }: Row): string {
  const content = [
    { type: "text", text: review },
    { type: "image_url", image_url: { url: `data:image/jpeg;base64,${image}` } },
  ];
  const body = { model: "gpt-4o-mini", messages: [{ role: "user", content }], max_completion_tokens: 100 };
  return `${JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body })}\n`;
}

function toImage(bytes: number): string {
  const draw = drawFrom(1);
  const jpeg = Buffer.from(Uint8Array.from({ length: bytes }, () => draw() * 256));
  jpeg.set([0xff, 0xd8, 0xff, 0xe0]);
  return jpeg.toString("base64");
}
