import { crc32, deflateRawSync } from "node:zlib";

/** A part of a ZIP file, and what is to be wrong with it. */
export interface ZipPart {
  readonly name: string;
  readonly content: string | Buffer;
  readonly isStored?: boolean;
  /** What the directory says instead of what is true. */
  readonly claims?: {
    readonly crc?: number;
    readonly bytes?: number;
    readonly flags?: number;
    readonly method?: number;
  };
}

/** A ZIP file of some parts, byte by byte. */
export function zipOf(parts: readonly ZipPart[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, isStored = false, claims = {} } of parts) {
    const bytes = Buffer.from(content as string);
    const packed = isStored ? bytes : deflateRawSync(bytes, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(claims.flags ?? 0, 2);
    common.writeUInt16LE(claims.method ?? (isStored ? 0 : 8), 4);
    common.writeUInt32LE(claims.crc ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claims.bytes ?? bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\0"), common, place, Buffer.from(name));
    const file = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, Buffer.from(name), packed]);
    files.push(file);
    offset += file.length;
  }
  const length = directory.reduce((sum, bytes) => sum + bytes.length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}

export interface BookParts {
  /** What stands in the sheet: its rows, and whatever else. */
  readonly sheet: string;
  readonly strings?: string;
  readonly styles?: string;
  readonly workbook?: string;
  readonly others?: readonly ZipPart[];
}

const relation = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;

/** The parts of a workbook with one sheet. */
export function partsOf({ sheet, strings, styles, workbook, others = [] }: BookParts): readonly ZipPart[] {
  const relations = [
    relation("r1", "worksheet", "worksheets/sheet1.xml"),
    relation("r2", "sharedStrings", "sharedStrings.xml"),
    relation("r3", "styles", "styles.xml"),
  ];
  return [
    {
      name: "_rels/.rels",
      content: `<Relationships>${relation("r1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    },
    {
      name: "xl/workbook.xml",
      content:
        workbook ??
        '<workbook xmlns:r="r"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>',
    },
    { name: "xl/_rels/workbook.xml.rels", content: `<Relationships>${relations.join("")}</Relationships>` },
    ...(strings === undefined ? [] : [{ name: "xl/sharedStrings.xml", content: strings }]),
    ...(styles === undefined ? [] : [{ name: "xl/styles.xml", content: styles }]),
    { name: "xl/worksheets/sheet1.xml", content: sheet },
    ...others,
  ];
}

/** A workbook with one sheet of these rows, as XML. */
export function bookOf(rows: string, others: Omit<BookParts, "sheet"> = {}): Buffer {
  return zipOf(partsOf({ ...others, sheet: `<worksheet><sheetData>${rows}</sheetData></worksheet>` }));
}

/** A cell of text that stands in the sheet itself. */
export function textCell(text: string): string {
  return `<c t="inlineStr"><is><t>${text}</t></is></c>`;
}
