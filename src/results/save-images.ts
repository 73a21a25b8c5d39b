import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { assertOptions, flagOption, functionOption, type OptionRules, signalOption } from "../api/index.js";
import { OpenbatchError, toFileError } from "../errors/index.js";
import { toPath, writeOutput } from "../jsonl/index.js";
import { findImages } from "./find-images.js";
import { toFileName, withMark } from "./image-name.js";
import type { Result } from "./result.js";

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

const maxListed = 1000;

class ImageFolder {
  readonly #path: string;
  readonly #options: SaveImagesOptions;
  /** In lower case: many file systems take names for the same that differ in case alone. */
  readonly #names = new Set<string>();
  readonly #unsaved: UnsavedImage[] = [];
  #unsavedCount = 0;
  #saved = 0;
  #wereThere = 0;

  constructor(path: string, options: SaveImagesOptions) {
    this.#path = path;
    this.#options = options;
  }

  async save(base64: string, { custom_id, index }: { readonly custom_id: string; readonly index: number }) {
    const bytes = Buffer.from(base64, "base64");
    if (bytes.length === 0) return this.pass({ custom_id, url: undefined });
    if (this.#saved === 0) await createFolder(this.#path);
    const file = this.#toName(custom_id, index, endingOf(bytes));
    const path = join(this.#path, file);
    const wasThere = await holds(path, bytes);
    if (!wasThere) {
      const { overwrite = false } = this.#options;
      await writeOutput(path, { overwrite }, (output) => output.writeFile(bytes));
    }
    this.#saved += 1;
    if (wasThere) this.#wereThere += 1;
    this.#options.onSaved?.({ custom_id, file, wasThere });
  }

  pass(image: UnsavedImage): void {
    this.#unsavedCount += 1;
    if (this.#unsaved.length < maxListed) this.#unsaved.push(image);
  }

  summary(): SavedImages {
    const unsaved = { count: this.#unsavedCount, listed: this.#unsaved };
    return { saved: this.#saved, wereThere: this.#wereThere, unsaved };
  }

  #toName(id: string, index: number, ending: string): string {
    const name = toFileName(id);
    const number = index === 0 ? "" : `-${index + 1}`;
    const plain = `${name}${number}.${ending}`;
    const free = this.#names.has(plain.toLowerCase()) ? `${withMark(name, id)}${number}.${ending}` : plain;
    this.#names.add(free.toLowerCase());
    return free;
  }
}

async function createFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    const isFile = await stat(path)
      .then((stats) => !stats.isDirectory())
      .catch(() => false);
    if (!isFile) throw toFileError(cause, "make the folder", path);
    throw new OpenbatchError("not_a_folder", `${path} is a file, not a folder.`, {
      hint: "Name a folder for the images (--images).",
    });
  }
}

/** Whether a file is there and holds just these bytes. */
async function holds(path: string, bytes: Buffer): Promise<boolean> {
  try {
    return (await stat(path)).size === bytes.length && bytes.equals(await readFile(path));
  } catch {
    return false;
  }
}

/** What the first bytes of a kind of image are, each from its offset on. */
const signatures: readonly (readonly [ending: string, offset: number, bytes: string])[] = [
  ["png", 0, "\x89PNG"],
  ["jpg", 0, "\xff\xd8\xff"],
  ["gif", 0, "GIF8"],
  ["webp", 8, "WEBP"],
];

function endingOf(bytes: Buffer): string {
  const found = signatures.find(
    ([, offset, start]) => bytes.toString("latin1", offset, offset + start.length) === start,
  );
  return found?.[0] ?? "bin";
}
