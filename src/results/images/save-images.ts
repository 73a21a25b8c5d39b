import {
  assertOptions,
  flagOption,
  functionOption,
  type OptionRules,
  signalOption,
} from "../../api/index.js";
import { toPath } from "../../files/index.js";
import type { Result } from "../answer/result.js";
import { assertResults } from "../reader/assert-results.js";
import { findImages } from "./find-images.js";
import type { SavedImages, SaveImagesOptions } from "./saved-images.js";

/**
 * Saves the images that answers hold as base64 into a folder, which is made if it is absent: those of the images endpoints,
 * those that the image generation tool of a response made, and those of a chat. A file is named after its `custom_id`, with `-2` and so on where an
 * answer has several images; its ending tells what its bytes are. No id leads out of the folder.
 *
 * @throws {OpenbatchError} `file_exists` where a file of that name holds something else, `not_a_folder`, `disk_full`, ….
 *
 * @example
 * ```ts
 * import { readResults, saveImages } from "openbatch";
 *
 * const { saved } = await saveImages("images", readResults({ results: "results.jsonl" }));
 * console.log(`${saved} images`);
 * ```
 */
export async function saveImages(
  folder: string | URL,
  results: AsyncIterable<Result>,
  options: SaveImagesOptions = {},
): Promise<SavedImages> {
  assertOptions(options, rules);
  assertResults(results, Symbol.asyncIterator);
  const { signal, onProgress } = options;
  const { ImageFolder } = await import("./image-folder.js");
  const images = new ImageFolder(toPath(folder), options);
  let seen = 0;
  for await (const result of results) {
    signal?.throwIfAborted();
    if (result.status === "succeeded") {
      for (const [index, image] of findImages(result).entries()) {
        const { custom_id } = result;
        if (image.kind === "base64") await images.save(image.text, { custom_id, index });
        else images.pass({ custom_id, url: image.url });
      }
    }
    seen += 1;
    onProgress?.(seen);
  }
  return images.summary();
}

const rules: OptionRules<SaveImagesOptions> = {
  overwrite: { ...flagOption, flag: "--overwrite" },
  onSaved: functionOption,
  onProgress: functionOption,
  signal: signalOption,
};
