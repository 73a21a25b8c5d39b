import { isObject } from "../../../api/index.js";
import {
  type ContentBlock,
  type DocumentBlock,
  type ImageBlock,
  type ImageType,
  imageTypes,
  type TextBlock,
} from "./message-params.js";
import type { TranslationNotes } from "./translation-notes.js";

type JsonObject = Readonly<Record<string, unknown>>;

const dataURL = /^data:([^;,]*);base64,(.*)$/s;

/** What a user says: a text, or parts of any kind. */
export function toUserContent(
  content: unknown,
  path: string,
  notes: TranslationNotes,
): string | ContentBlock[] {
  if (typeof content === "string") return content;
  return listParts(content, path, notes).flatMap(({ part, at }) => toBlock(part, at, notes) ?? []);
}

/** What can be a text alone: of a system, of an assistant, of a tool. */
export function toTexts(content: unknown, path: string, notes: TranslationNotes): string | TextBlock[] {
  if (typeof content === "string") return content;
  return listParts(content, path, notes).flatMap(({ part, at }) => {
    if (part.type === "text") return toTextBlock(part, at, notes) ?? [];
    // What an assistant said, in whatever mood.
    if (part.type === "refusal") return toRefusalBlock(part, at, notes) ?? [];
    refusePart(part, at, notes);
    return [];
  });
}

interface PlacedPart {
  readonly part: JsonObject;
  readonly at: string;
}

function listParts(content: unknown, path: string, notes: TranslationNotes): readonly PlacedPart[] {
  if (!Array.isArray(content)) {
    notes.refuseOdd(path, content, "a string or an array");
    return [];
  }
  return content.flatMap((value: unknown, index) => {
    const at = `${path}[${index}]`;
    const part = notes.object(at, value);
    return part === undefined ? [] : [{ part, at }];
  });
}

function toBlock(part: JsonObject, at: string, notes: TranslationNotes): ContentBlock | undefined {
  switch (part.type) {
    case "text":
      return toTextBlock(part, at, notes);
    case "image_url":
      return toImage(part, at, notes);
    case "file":
      return toDocument(part, at, notes);
    default:
      return refusePart(part, at, notes);
  }
}

function toTextBlock(part: JsonObject, at: string, notes: TranslationNotes): TextBlock | undefined {
  notes.refuseOthers(at, part, ["type", "text"]);
  const text = notes.text(`${at}.text`, part.text);
  return text === undefined ? undefined : { type: "text", text };
}

function toRefusalBlock(part: JsonObject, at: string, notes: TranslationNotes): TextBlock | undefined {
  notes.refuseOthers(at, part, ["type", "refusal"]);
  const text = notes.text(`${at}.refusal`, part.refusal);
  return text === undefined ? undefined : { type: "text", text };
}

function refusePart({ type }: JsonObject, at: string, notes: TranslationNotes): undefined {
  if (type === "input_audio")
    notes.refuse(at, "Anthropic's models hear no sound.", "Write down what is said, and send the text.");
  else notes.refuse(`${at}.type`, "Anthropic has no part of this type.", "Use text, image_url or file.");
  return undefined;
}

function toImage(part: JsonObject, at: string, notes: TranslationNotes): ImageBlock | undefined {
  notes.refuseOthers(at, part, ["type", "image_url"]);
  const image = notes.object(`${at}.image_url`, part.image_url);
  if (image === undefined) return undefined;
  notes.refuseOthers(`${at}.image_url`, image, ["url", "detail"]);
  noteDetail(image.detail, `${at}.image_url.detail`, notes);
  const url = notes.text(`${at}.image_url.url`, image.url);
  if (url === undefined) return undefined;
  return toImageSource(url, `${at}.image_url.url`, notes);
}

function noteDetail(detail: unknown, path: string, notes: TranslationNotes): void {
  if (detail === undefined || detail === null) return;
  if (detail === "high" || detail === "auto")
    notes.warn(path, "left out: Anthropic's models see each picture at its full size.");
  else notes.refuse(path, "Anthropic's models see each picture at its full size.", "Leave it out.");
}

function toImageSource(url: string, path: string, notes: TranslationNotes): ImageBlock | undefined {
  if (/^https?:\/\//i.test(url)) return { type: "image", source: { type: "url", url } };
  const [, type = "", data = ""] = dataURL.exec(url) ?? [];
  if (isImageType(type)) return { type: "image", source: { type: "base64", media_type: type, data } };
  const hint = `Give its address, or its bytes as data:TYPE;base64, with one of ${imageTypes.join(", ")}.`;
  notes.refuse(path, "Anthropic takes no picture that is given so.", hint);
  return undefined;
}

function isImageType(type: string): type is ImageType {
  return (imageTypes as readonly string[]).includes(type);
}

function toDocument(part: JsonObject, at: string, notes: TranslationNotes): DocumentBlock | undefined {
  notes.refuseOthers(at, part, ["type", "file"]);
  const file = notes.object(`${at}.file`, part.file);
  if (file === undefined) return undefined;
  notes.refuseOthers(`${at}.file`, file, ["file_data", "file_id", "filename"]);
  const { file_data, file_id, filename } = file;
  if (typeof file_id === "string") {
    notes.refuse(
      `${at}.file.file_id`,
      "A file that is at OpenAI is not at Anthropic.",
      "Put its bytes into the request: file_data.",
    );
    return undefined;
  }
  const [, type, data] = typeof file_data === "string" ? (dataURL.exec(file_data) ?? []) : [];
  if (type !== "application/pdf" || data === undefined) {
    const hint = "Give a PDF as data:application/pdf;base64, or put its text into the message.";
    notes.refuse(`${at}.file.file_data`, "Anthropic takes no file that is given so.", hint);
    return undefined;
  }
  const title = typeof filename === "string" ? { title: filename } : {};
  return { type: "document", source: { type: "base64", media_type: type, data }, ...title };
}

/** What stands in a message as blocks. */
export function toBlocks(content: string | ContentBlock[]): ContentBlock[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** Whether a value says something. */
export function isGiven(value: unknown): boolean {
  return (
    value !== undefined &&
    value !== null &&
    !(Array.isArray(value) && value.length === 0) &&
    !isEmptyObject(value)
  );
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
