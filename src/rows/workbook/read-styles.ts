import { kindOfBuiltIn, kindOfFormat, type NumberKind } from "../table/number-format.js";
import type { XmlListener } from "./xml-part.js";

/** Gathers of the styles of a workbook what numbers stand for: the kind of each style that a cell may name. */
export class StyleKinds implements XmlListener {
  readonly kinds: NumberKind[] = [];
  readonly #formats = new Map<string, NumberKind>();
  #isCellStyles = false;

  open(name: string, { numFmtId = "0", formatCode = "" }: Readonly<Record<string, string>>): void {
    if (name === "numFmt") this.#formats.set(numFmtId, kindOfFormat(formatCode));
    else if (name === "cellXfs") this.#isCellStyles = true;
    else if (name === "xf" && this.#isCellStyles) {
      this.kinds.push(this.#formats.get(numFmtId) ?? kindOfBuiltIn(Number(numFmtId)));
    }
  }

  close(name: string): void {
    if (name === "cellXfs") this.#isCellStyles = false;
  }

  text(): void {}
}
