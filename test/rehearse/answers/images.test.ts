import { crc32, inflateSync } from "node:zlib";
import type { ImagesResponse } from "openai/resources/images";
import { describe, expect, it } from "vitest";
import { createRehearsal } from "../../../src/rehearse/index.js";
import { bodyOf, errorOf } from "../answer.js";

const url = "/v1/images/generations";
const generate = (more: object) =>
  bodyOf<ImagesResponse>(url, { model: "gpt-image-1", prompt: "a river", ...more });
const imageOf = (output_format: string) =>
  Buffer.from(generate({ output_format }).data?.[0]?.b64_json ?? "", "base64");

describe("images", () => {
  it("come in base64, with all that the service says of them", () => {
    expect(generate({ n: 2, quality: "high", size: "1536x1024" })).toEqual({
      created: expect.any(Number),
      model: "rehearsal-gpt-image-1",
      background: "opaque",
      data: [{ b64_json: expect.any(String) }, { b64_json: expect.any(String) }],
      output_format: "png",
      quality: "high",
      size: "1536x1024",
      usage: {
        input_tokens: 2,
        input_tokens_details: { image_tokens: 0, text_tokens: 2 },
        output_tokens: 544,
        output_tokens_details: { image_tokens: 544, text_tokens: 0 },
        total_tokens: 546,
      },
    });
  });

  it("come as an address that leads nowhere where one is asked for", () => {
    const { data } = generate({ model: "dall-e-3", response_format: "url" });
    expect(data).toEqual([{ url: expect.stringMatching(/^https:\/\/example\.com\//) }]);
  });

  it("that are edited count the images they are made of", () => {
    const body = { prompt: "a river", images: [{ file_id: "file-1" }, { file_id: "file-2" }], size: "auto" };
    expect(bodyOf<ImagesResponse>("/v1/images/edits", body)).toMatchObject({
      size: "1024x1024",
      usage: { input_tokens_details: { image_tokens: 388 } },
    });
  });

  it("are, as PNG, whole: each chunk with its checksum, and pixels for all rows", () => {
    const png = imageOf("png");
    expect(png.subarray(0, 8)).toEqual(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"));
    const chunks = [...readChunks(png)];
    expect(chunks.map(({ name }) => name)).toEqual(["IHDR", "IDAT", "IEND"]);
    expect(chunks.every(({ isIntact }) => isIntact)).toBe(true);
    const [header, pixels] = chunks;
    expect([header?.data.readUInt32BE(0), header?.data.readUInt32BE(4)]).toEqual([8, 8]);
    // Eight rows of a filter byte and eight pixels of three bytes.
    expect(inflateSync(pixels?.data ?? "")).toHaveLength(8 * (1 + 8 * 3));
  });

  it("are in every other format what its name says, to their end", () => {
    const jpeg = imageOf("jpeg");
    expect([jpeg.readUInt16BE(0), jpeg.readUInt16BE(jpeg.length - 2)]).toEqual([0xffd8, 0xffd9]);
    const webp = imageOf("webp");
    expect([webp.toString("latin1", 0, 4), webp.readUInt32LE(4), webp.toString("latin1", 8, 12)]).toEqual([
      "RIFF",
      webp.length - 8,
      "WEBP",
    ]);
    const gif = imageOf("gif");
    expect([gif.toString("latin1", 0, 6), gif.at(-1)]).toEqual(["GIF87a", 0x3b]);
    expect(imageOf("svg").toString()).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>$/);
  });

  it("that the model declines to make are answered with 400", () => {
    const rehearsal = createRehearsal({ faults: ["refusal:*"] });
    expect(errorOf(url, { prompt: "a river" }, { rehearsal })).toMatchObject({
      status: 400,
      type: "image_generation_user_error",
      code: "moderation_blocked",
    });
  });
});

function* readChunks(png: Buffer) {
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const named = png.subarray(at + 4, at + 8 + length);
    const isIntact = crc32(named) === png.readUInt32BE(at + 8 + length);
    yield { name: named.toString("latin1", 0, 4), data: named.subarray(4), isIntact };
    at += 12 + length;
  }
}
