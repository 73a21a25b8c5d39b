/** The places of the styles in the list of the workbook. */
export const cellStyles = {
  plain: 0,
  wrapped: 1,
  header: 2,
  date: 3,
  moment: 4,
  time: 5,
  duration: 6,
} as const;

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/package/2006/relationships";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packageTypes = "http://schemas.openxmlformats.org/package/2006/content-types";
const typeOf = (part: string) => `application/vnd.openxmlformats-officedocument.spreadsheetml.${part}+xml`;

const sheetName = "Table";

export const sheetPath = "xl/worksheets/sheet1.xml";

/** The parts of a workbook of one sheet that are the same whatever is in it. */
export const fixedParts: readonly (readonly [string, string])[] = [
  [
    "[Content_Types].xml",
    `${xml}<Types xmlns="${packageTypes}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${typeOf("sheet.main")}"/><Override PartName="/${sheetPath}" ContentType="${typeOf("worksheet")}"/><Override PartName="/xl/styles.xml" ContentType="${typeOf("styles")}"/></Types>`,
  ],
  [
    "_rels/.rels",
    `${xml}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    "xl/_rels/workbook.xml.rels",
    `${xml}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  ],
  ["xl/styles.xml", toStyles()],
];

function toStyles(): string {
  const top = '<alignment vertical="top"/>';
  const wrapped = '<alignment vertical="top" wrapText="1"/>';
  const style = (format: number, font: number, alignment: string) =>
    `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1">${alignment}</xf>`;
  // In the order of cellStyles.
  const styles = [
    ...[style(0, 0, top), style(0, 0, wrapped), style(0, 1, wrapped), style(164, 0, top)],
    ...[style(165, 0, top), style(166, 0, top), style(167, 0, top)],
  ];
  const formats = ["yyyy\\-mm\\-dd", "yyyy\\-mm\\-dd\\ hh:mm:ss", "hh:mm:ss", "[h]:mm:ss"].map(
    (code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${code}"/>`,
  );
  const font = '<sz val="11"/><name val="Calibri"/><family val="2"/>';
  return `${xml}<styleSheet xmlns="${main}"><numFmts count="4">${formats.join("")}</numFmts><fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${styles.length}">${styles.join("")}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}

/** The list of the sheets, with the place of the filter, which reaches to the last row. */
export function toWorkbookPart(lastPlace: string): string {
  const absolute = lastPlace.replace(/^([A-Z]+)(\d+)$/, "$$$1$$$2");
  return `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><bookViews><workbookView/></bookViews><sheets><sheet name="${sheetName}" sheetId="1" r:id="rId1"/></sheets><definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">${sheetName}!$A$1:${absolute}</definedName></definedNames></workbook>`;
}

/** What stands before the rows: the header stays where it is, and columns are as wide as what is in them. */
export function toSheetStart(widths: readonly number[]): string {
  const columns = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  return `${xml}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns.join("")}</cols><sheetData>`;
}

/** What stands behind them: a filter over all. */
export function toSheetEnd(lastPlace: string): string {
  return `</sheetData><autoFilter ref="A1:${lastPlace}"/></worksheet>`;
}
