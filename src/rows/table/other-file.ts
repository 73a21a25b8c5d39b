import { OpenbatchError } from "../../errors/index.js";

/** A file that is no text, by its bytes, and how to get at the table in it. */
export interface OtherFile {
  readonly what: string;
  readonly hint: string;
  /** The format that reads it, if one does. */
  readonly format?: "xlsx" | "parquet";
}

const saveAs = "Open it in Excel or LibreOffice, and save it as .xlsx or as CSV UTF-8.";
const unpack = (command: string) => `Unpack it first: ${command}.`;

const imageHint =
  "Is it the right file? Of a picture of a table, make a table first; images of rows are named in a column of the table.";
const writeFirst = "Write it as Parquet, JSON Lines or CSV first.";
const notTable = "Is it the right file?";

/** By how the file begins. */
const beginnings: readonly (OtherFile & { readonly start: string })[] = [
  {
    ...{ start: "PAR1", what: "a Parquet file", format: "parquet" },
    hint: "Say so: format parquet (--input-format parquet).",
  },
  {
    ...{ start: "SQLite format 3\0", what: "an SQLite database" },
    hint: 'Write the table to a file first: sqlite3 -header -csv FILE "select * from TABLE".',
  },
  {
    ...{ start: "%PDF", what: "a PDF" },
    hint: "Copy its table into a spreadsheet, and save that as .xlsx or as CSV UTF-8.",
  },
  {
    ...{ start: "ARROW1", what: "an Arrow (Feather) file" },
    hint: "Write it as Parquet first: pandas.read_feather(FILE).to_parquet(OTHER).",
  },
  { start: "Obj\u0001", what: "an Avro file", hint: writeFirst },
  { start: "\u0028\u00b5\u002f\u00fd", what: "compressed with zstd", hint: unpack("zstd -d FILE") },
  { start: "\u00fd7zXZ", what: "compressed with xz", hint: unpack("xz -dk FILE") },
  { start: "7z\u00bc\u00af", what: "a 7z archive", hint: unpack("7z x FILE") },
  { start: "Rar!", what: "a RAR archive", hint: unpack("unrar x FILE") },
  { start: "BZh91AY&SY", what: "compressed with bzip2", hint: unpack("bzip2 -dk FILE") },
  { start: "\u0089PNG\r\n\u001a\n", what: "an image (PNG)", hint: imageHint },
  { start: "\u00ff\u00d8\u00ff", what: "an image (JPEG)", hint: imageHint },
  { start: "GIF87a", what: "an image (GIF)", hint: imageHint },
  { start: "GIF89a", what: "an image (GIF)", hint: imageHint },
  { start: "II*\0", what: "an image (TIFF)", hint: imageHint },
  { start: "MM\0*", what: "an image (TIFF)", hint: imageHint },
  { start: "8BPS", what: "an image (Photoshop)", hint: imageHint },
  { start: "\u0089HDF\r\n\u001a\n", what: "an HDF5 file", hint: writeFirst },
  { start: "\u0093NUMPY", what: "an array of NumPy (.npy)", hint: writeFirst },
  { start: "<stata_dta>", what: "a file of Stata (.dta)", hint: writeFirst },
  { start: "$FL2@(#)", what: "a file of SPSS (.sav)", hint: writeFirst },
  { start: "{\\rtf", what: "a text with formats (.rtf)", hint: "Copy its table into a spreadsheet." },
  { start: "\u007fELF", what: "a program", hint: notTable },
  { start: "OggS", what: "a recording (Ogg)", hint: notTable },
];

/** By what stands somewhere in the first bytes. */
const signatures: readonly (OtherFile & { readonly pattern: RegExp })[] = [
  // A column may be called so: no text has such bytes.
  { pattern: /^ORC(?=[\s\S]{0,16}[\u0000-\u0008])/, what: "an ORC file", hint: writeFirst },
  { pattern: /^ID3[\u0002-\u0004]\0/, what: "a recording (MP3)", hint: notTable },
  { pattern: /^RIFF[\s\S]{4}WEBP/, what: "an image (WebP)", hint: imageHint },
  { pattern: /^RIFF[\s\S]{4}WAVE/, what: "a recording (WAV)", hint: notTable },
  { pattern: /^[\s\S]{4}ftyp(?:avif|heic|mif1)/, what: "an image (AVIF or HEIC)", hint: imageHint },
  { pattern: /^[\s\S]{4}ftyp/, what: "a video or a recording (MP4)", hint: notTable },
];

/** By the names of what a ZIP file holds. */
const inZip: readonly (OtherFile & { readonly pattern: RegExp })[] = [
  {
    ...{ pattern: /xl\/workbook\.bin/i, what: "a binary Excel workbook (.xlsb)" },
    hint: "Open it in Excel or LibreOffice, and save it as .xlsx.",
  },
  {
    ...{ pattern: /opendocument\.spreadsheet/, what: "an OpenDocument spreadsheet (.ods)" },
    hint: "Open it in LibreOffice, and save it as .xlsx or as CSV.",
  },
  {
    ...{ pattern: /Index\/[\w-]*\.iwa|Index\.zip/, what: "an Apple Numbers spreadsheet (.numbers)" },
    hint: "Open it in Numbers, and take File > Export To > Excel (.xlsx) or CSV.",
  },
  { pattern: /word\/document/i, what: "a Word document (.docx)", hint: "Copy its table into a spreadsheet." },
  { pattern: /ppt\/presentation/i, what: "a PowerPoint file", hint: "Copy its table into a spreadsheet." },
  {
    ...{
      pattern: /xl[/\\](?:workbook|worksheets|sharedStrings)/i,
      what: "an Excel workbook",
      format: "xlsx",
    },
    hint: "Say so: format xlsx (--input-format xlsx), or let its name end in .xlsx.",
  },
];

/** Recognises a file that is no text table by its first bytes, and by whatever else of it stands behind them. */
export function findOtherFile(bytes: Buffer): OtherFile | undefined {
  const head = bytes.toString("latin1");
  if (/^(?:PK\u0003\u0004|PK\u0005\u0006)/.test(head))
    return inZip.find(({ pattern }) => pattern.test(head)) ?? anyZip;
  if (head.startsWith("\u00d0\u00cf\u0011\u00e0")) return toOldOffice(bytes);
  const known = beginnings.find(({ start }) => head.startsWith(start));
  return known ?? signatures.find(({ pattern }) => pattern.test(head)) ?? findMarkup(head);
}

const anyZip: OtherFile = {
  what: "a ZIP file, perhaps an Excel workbook",
  hint: "If it is a workbook, say so: format xlsx (--input-format xlsx); otherwise unpack it, and take the table in it.",
};

/** The old format of Office is also the wrapping of a new workbook with a password. */
function toOldOffice(bytes: Buffer): OtherFile {
  const holds = (name: string) => bytes.includes(Buffer.from(name, "utf16le"));
  if (holds("EncryptedPackage")) {
    return {
      what: "encrypted: a workbook with a password",
      hint: "Open it in Excel with the password, take that off (File > Info > Protect Workbook), and save it.",
    };
  }
  if (holds("Workbook") || holds("Book")) {
    return { what: "an Excel workbook of the old kind (.xls)", hint: saveAs };
  }
  return { what: "a file of the old Office (.xls), or a workbook with a password", hint: saveAs };
}

/** What some programs give the name of a workbook. */
function findMarkup(head: string): OtherFile | undefined {
  const start = head
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart()
    .slice(0, 4096);
  if (/^<\?xml[\s\S]*office:document/.test(start)) {
    return {
      what: "an OpenDocument spreadsheet in XML (.fods)",
      hint: "Open it in LibreOffice, and save it as .xlsx or as CSV.",
    };
  }
  if (/^<\?xml[\s\S]*(?:office:spreadsheet|mso-application progid="Excel)/.test(start)) {
    return { what: "a workbook in the XML of Excel 2003", hint: saveAs };
  }
  return /^<(?:!doctype html|html|table|head|body|meta)\b/i.test(start)
    ? { what: "a web page (HTML)", hint: saveAs }
    : undefined;
}

/** The error for a file of another kind than the one it is read as. */
export function otherFileError(name: string, { what, hint }: OtherFile): OpenbatchError {
  return new OpenbatchError("invalid_table", `${name} is ${what}.`, { hint });
}
