import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  readResults,
  type SavedImage,
  type SaveImagesOptions,
  saveImages,
} from "../../../src/results/index.js";
import { answerLine, failureLine, requestLine } from "../../lines.js";
import { temporaryFolder, writeFolder } from "../../temporary-folder.js";

const below = temporaryFolder();
const images = {
  png: Buffer.from("89504e470d0a1a0a01", "hex"),
  jpg: Buffer.from("ffd8ffe000104a46", "hex"),
  gif: Buffer.from("GIF89a...."),
  webp: Buffer.from("RIFF\0\0\0\0WEBPVP8 "),
  bin: Buffer.from("something else"),
};
const base64 = (bytes: Buffer): string => bytes.toString("base64");

let folder = "";
beforeEach(() => {
  folder = join(writeFolder(below, {}), "pictures");
});

/** Saves the images of answers, each with a body, of requests to one endpoint. */
async function save(
  answers: readonly (readonly [id: string, body: unknown])[],
  options: SaveImagesOptions & { readonly url?: string } = {},
) {
  const { url = "/v1/images/generations", ...others } = options;
  const place = writeFolder(below, {
    "requests.jsonl": answers.map(([custom_id]) => requestLine(custom_id, {}, url)),
    "results.jsonl": answers.map(([id, body]) => answerLine(id, body)),
  });
  const results = readResults({
    requests: join(place, "requests.jsonl"),
    results: join(place, "results.jsonl"),
  });
  return saveImages(folder, results, others);
}

const imagesBody = (...data: readonly object[]) => ({ created: 1, data });

describe("images", () => {
  test("get the ending that their bytes tell", async () => {
    const answers = Object.entries(images).map(
      ([name, bytes]) => [name, imagesBody({ b64_json: base64(bytes) })] as const,
    );
    expect(await save(answers)).toEqual({ saved: 5, wereThere: 0, unsaved: { count: 0, listed: [] } });
    expect(readdirSync(folder).sort()).toEqual(["bin.bin", "gif.gif", "jpg.jpg", "png.png", "webp.webp"]);
    for (const [name, bytes] of Object.entries(images)) {
      expect(readFileSync(join(folder, `${name}.${name}`)).equals(bytes)).toBe(true);
    }
  });

  test("of a response are what its image generation tool made", async () => {
    const output = [
      { type: "reasoning", id: "rs_1", summary: [] },
      { type: "image_generation_call", id: "ig_1", status: "completed", result: base64(images.png) },
      { type: "image_generation_call", id: "ig_2", status: "failed", result: null },
      { type: "image_generation_call", id: "ig_3", status: "completed", result: base64(images.jpg) },
    ];
    const body = { id: "resp_1", object: "response", status: "completed", model: "gpt-5", output };
    expect(await save([["r", body]], { url: "/v1/responses" })).toMatchObject({ saved: 2 });
    expect(readdirSync(folder).sort()).toEqual(["r-2.jpg", "r.png"]);
  });

  test("of a chat are what a gateway to a model that makes some writes beside its text, or in it", async () => {
    const data = `data:image/png;base64,${base64(images.png)}`;
    const toImage = (url: string) => ({ type: "image_url", image_url: { url } });
    const chat = (message: object) => ({
      object: "chat.completion",
      model: "google/gemini-2.5-flash-image",
      choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
    });
    const url = "https://example.com/a.png";
    const result = await save(
      [
        ["beside", chat({ content: "", images: [toImage(data), toImage(base64(images.jpg)), toImage(url)] })],
        ["within", chat({ content: [{ type: "text", text: "Here." }, toImage(data)] })],
        ["none", chat({ content: "No.", images: [{ type: "image_url" }] })],
      ],
      { url: "/v1/chat/completions" },
    );
    expect(result).toMatchObject({ saved: 3, unsaved: { listed: [{ custom_id: "beside", url }] } });
    expect(readdirSync(folder).sort()).toEqual(["beside-2.jpg", "beside.png", "within.png"]);
  });

  test("that are only named by a url are listed, and data urls are saved", async () => {
    const url = "https://example.com/a.png";
    const data = `data:image/png;base64,${base64(images.png)}`;
    const result = await save([
      ["far", imagesBody({ url })],
      ["near", imagesBody({ url: data })],
      ["siliconflow", { images: [{ url: data }], seed: 1 }],
      ["nothing", imagesBody({ b64_json: "!!!" })],
    ]);
    expect(result).toEqual({
      saved: 2,
      wereThere: 0,
      unsaved: {
        count: 2,
        listed: [
          { custom_id: "far", url },
          { custom_id: "nothing", url: undefined },
        ],
      },
    });
    expect(readdirSync(folder)).toEqual(["near.png", "siliconflow.png"]);
  });

  test("of ids that differ in case alone, or have one name, are files of their own", async () => {
    const body = imagesBody({ b64_json: base64(images.png) });
    const saved: SavedImage[] = [];
    const two = imagesBody({ b64_json: base64(images.png) }, { b64_json: base64(images.gif) });
    await save(
      [
        ["a", two],
        ["A", body],
        ["a-2", imagesBody({ b64_json: base64(images.gif) })],
      ],
      {
        onSaved: (image) => saved.push(image),
      },
    );
    const names = saved.map(({ file }) => file);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(4);
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
  });

  test("never leave their folder, and no link leads them out of it", async () => {
    mkdirSync(folder);
    const outside = join(folder, "..", "outside.txt");
    writeFileSync(outside, "mine");
    symlinkSync(outside, join(folder, "link.png"));
    const body = imagesBody({ b64_json: base64(images.png) });
    await expect(save([["link", body]])).rejects.toMatchObject({ code: "file_exists" });
    expect(readFileSync(outside, "utf8")).toBe("mine");
    await save([
      ["../escaped", body],
      ["/etc/escaped", body],
    ]);
    expect(existsSync(join(folder, "..", "escaped.png"))).toBe(false);
    expect(readdirSync(folder)).toHaveLength(3);
  });
});

describe("files that are there already", () => {
  const answers = [["a", imagesBody({ b64_json: base64(images.png) })]] as const;

  test("are left alone where they hold the same image", async () => {
    await save(answers);
    expect(await save(answers)).toMatchObject({ saved: 1, wereThere: 1 });
    expect(readdirSync(folder)).toEqual(["a.png"]);
  });

  test("are an error where they hold another, unless they are to be replaced", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "a.png"), "mine");
    await expect(save(answers)).rejects.toMatchObject({ code: "file_exists" });
    expect(readFileSync(join(folder, "a.png"), "utf8")).toBe("mine");
    await save(answers, { overwrite: true });
    expect(readFileSync(join(folder, "a.png")).equals(images.png)).toBe(true);
  });
});

test("the folder is not made where there is no image, and must not be a file", async () => {
  const place = writeFolder(below, {
    "results.jsonl": [failureLine("a", 400, { code: "bad", message: "No." })],
  });
  await saveImages(folder, readResults({ results: join(place, "results.jsonl") }));
  expect(existsSync(folder)).toBe(false);
  writeFileSync(folder, "a file");
  const body = imagesBody({ b64_json: base64(images.png) });
  await expect(save([["a", body]])).rejects.toMatchObject({ code: "not_a_folder" });
});
