/** A square of 8 × 8 pixels, in one colour, in base64. Written once with an encoder for each format. */
const images: Readonly<Record<string, string>> = {
  png: "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFUlEQVR42mOsmr2DARtgYsABBqcEAGtnAd2MjZBZAAAAAElFTkSuQmCC",
  jpeg: "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AZ//Z",
  webp: "UklGRh4AAABXRUJQVlA4TBEAAAAvB8ABAAfQzeoVt/+BiOh/AAA=",
  gif: "R0lGODdhCAAIAIEAAHqbuAAAAAAAAAAAACwAAAAACAAIAAAIDwABCBxIsKDBgwgTKkwYEAA7",
  svg: Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="#7a9bb8"/></svg>',
  ).toString("base64"),
};

/** The values of `output_format`. */
export const imageFormats: readonly string[] = Object.keys(images);

/** An image in base64; `undefined` for a format that is not known. */
export function tinyImage(format: string): string | undefined {
  return Object.hasOwn(images, format) ? images[format] : undefined;
}
