import { posix } from "node:path";
import type { XmlListener } from "./xml-part.js";

/** One part that another one names. */
export interface Relation {
  readonly id: string;
  /** The last word of its type: `worksheet`, `sharedStrings`; what stands before it differs between editions of the standard. */
  readonly type: string;
  /** The path of the part in the workbook. */
  readonly path: string;
}

/** Gathers the parts that a part names. Nothing outside of the workbook is ever opened. */
export class Relations implements XmlListener {
  readonly all: Relation[] = [];
  readonly #folder: string;

  constructor(part: string) {
    this.#folder = posix.dirname(part);
  }

  open(
    name: string,
    { Id = "", Type = "", Target = "", TargetMode }: Readonly<Record<string, string>>,
  ): void {
    if (name !== "Relationship" || TargetMode === "External") return;
    const target = Target.replaceAll("\\", "/");
    const path = target.startsWith("/") ? posix.normalize(target) : posix.join(this.#folder, target);
    this.all.push({ id: Id, type: Type.slice(Type.lastIndexOf("/") + 1), path: path.replace(/^\/+/, "") });
  }

  close(): void {}

  text(): void {}
}

/** Where a part keeps what it names. */
export function toRelationsPath(part: string): string {
  return posix.join(posix.dirname(part), "_rels", `${posix.basename(part)}.rels`);
}
