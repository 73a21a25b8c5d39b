export interface SaveImagesOptions {
  /** Whether to replace a file of the same name that holds something else. False by default: then it is an error. */
  readonly overwrite?: boolean | undefined;
  /** Told of each file that holds an image now. */
  readonly onSaved?: ((image: SavedImage) => void) | undefined;
  /** Told how many results were looked at, after each. */
  readonly onProgress?: ((results: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
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
