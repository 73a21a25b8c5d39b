import { join } from "node:path";
import { countOf, formatCount, withText } from "../../errors/index.js";
import { holdsBytes, makeFolder, writeOutput } from "../../files/index.js";
import { imageEndingOf } from "./image-ending.js";
import { toFileName, withMark } from "./image-name.js";
import type { SavedImages, SaveImagesOptions, UnsavedImage } from "./saved-images.js";

const maxListed = 1000;

/** A folder that images are saved in, each under a name of its own. */
export class ImageFolder {
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
    if (this.#saved === 0) makeFolder(this.#path, { hint: "Name a folder for the images (--images)." });
    const file = this.#toName(custom_id, index, imageEndingOf(bytes) ?? "bin");
    const path = join(this.#path, file);
    const wasThere = await holdsBytes(path, bytes);
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
    return withText({ saved: this.#saved, wereThere: this.#wereThere, unsaved }, toText);
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

function toText({ saved, wereThere, unsaved }: SavedImages): string {
  const there = wereThere === 0 ? "" : `, ${formatCount(wereThere)} of them there already`;
  const others = unsaved.count === 0 ? "" : `; ${countOf(unsaved.count, "image")} not saved`;
  return `${countOf(saved, "image")} saved${there}${others}`;
}
