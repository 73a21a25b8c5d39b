import {
  assertOptions,
  flagOption,
  functionOption,
  type OptionRules,
  signalOption,
} from "../../api/index.js";
import { toPath } from "../../files/index.js";
import type { Result } from "../answer/result.js";
import { findImages } from "./find-images.js";

export interface SaveImagesOptions {
  /** Whether to replace a file of the same name that holds something else. False by default: then it is an error. */
  readonly overwrite?: boolean;
  /** Told of each file that holds an image now. */
  readonly onSaved?: (image: SavedImage) => void;
  /** Told how many results were looked at, after each. */
  readonly onProgress?: (results: number) => void;
  readonly signal?: AbortSignal;
}

/** An image in a file. */
export interface SavedImage {
  readonly custom_id: string;
  /** The name of the file in the folder. */
  readonly file: string;
  /** Whether the very same file was there already. */
  readonly wasThere: boolean;
}

/** An image that is no file now. */
export interface UnsavedImage {
  readonly custom_id: string;
  /** Where it can be fetched, for a while; nothing is fetched here. `undefined` where what stands there is not base64. */
  readonly url: string | undefined;
}

/** What became of the images of a batch. */
export interface SavedImages {
  /** Files that hold an image now, with those that were there already. */
  readonly saved: number;
  readonly wereThere: number;
  /** The first 1,000 images that are no file, and how many there are. */
  readonly unsaved: { readonly count: number; readonly listed: readonly UnsavedImage[] };
}

/**
 * Saves the images that answers hold as base64 into a folder, which is made if it is absent: those of the images endpoints, and
 * those that the image generation tool of a response made. A file is named after its `custom_id`, with `-2` and so on where an
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
