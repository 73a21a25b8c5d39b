/** A line of a value that is shown to people. */
export interface TreeLine {
  /** How many levels it stands in. */
  readonly level: number;
  readonly text: string;
  /** Whether what stands here is wrong, or a line that says so. */
  readonly isWrong: boolean;
}

/** What is said of one place in a value. */
export interface PlaceMark {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

const maxLevels = 50;
/** A list of so few characters stands in one line. */
const maxInline = 60;

/** A value as lines, a member each, with what is said of its places below them; what is said of a place that is not there, above it. */
export function toTreeLines(value: unknown, marks: readonly PlaceMark[] = []): readonly TreeLine[] {
  const tree = new Tree(marks);
  tree.add("", value, []);
  return joinDashes(tree.lines);
}

/** The first member of an item stands behind its dash. */
function joinDashes(lines: readonly TreeLine[]): readonly TreeLine[] {
  const joined: TreeLine[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    const isFirst = last !== undefined && /^(?:- )*-$/.test(last.text) && !line.isWrong;
    if (!isFirst) joined.push(line);
    else joined.splice(-1, 1, { ...last, text: `${last.text} ${line.text}` });
  }
  return joined;
}

class Tree {
  readonly lines: TreeLine[] = [];
  readonly #marks: readonly PlaceMark[];

  constructor(marks: readonly PlaceMark[]) {
    this.#marks = marks;
  }

  /** @param head what stands before the value: its name, or a dash. */
  add(head: string, value: unknown, path: readonly (string | number)[]): void {
    const isRoot = path.length === 0;
    const inside = this.#marks.some((mark) => mark.path.length > path.length && leadsTo(path, mark.path));
    const own = this.#marks.filter((mark) => this.#belongsHere(mark, value, path));
    const inline = isNesting(value) && (inside || path.length >= maxLevels) ? undefined : toInline(value);
    const level = Math.max(0, path.length - 1);
    if (inline !== undefined) this.#push(level, `${head}${inline}`, own.length > 0);
    else {
      if (!isRoot) this.#push(level, head.trimEnd(), own.length > 0);
      if (path.length >= maxLevels) this.#push(level + 1, "…", false);
      else for (const [key, member] of membersOf(value)) this.add(toHead(key), member, [...path, key]);
    }
    for (const { text } of own) this.#push(isRoot ? level : level + 1, `^ ${text}`, true);
  }

  /** A mark stands at the place that it names, or at the nearest that there is. */
  #belongsHere(mark: PlaceMark, value: unknown, path: readonly (string | number)[]): boolean {
    if (!leadsTo(path, mark.path)) return false;
    if (mark.path.length === path.length) return true;
    const next = mark.path[path.length] ?? "";
    // The length of a list is no member of it.
    return !isNesting(value) || !Object.prototype.propertyIsEnumerable.call(value, next);
  }

  #push(level: number, text: string, isWrong: boolean): void {
    this.lines.push({ level, text, isWrong });
  }
}

function leadsTo(path: readonly (string | number)[], place: readonly (string | number)[]): boolean {
  return path.every((key, index) => String(key) === String(place[index] ?? Number.NaN));
}

function toHead(key: string | number): string {
  return typeof key === "number" ? "- " : `${key === "" ? '""' : key}: `;
}

function isNesting(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function membersOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return [...value.entries()];
  return isNesting(value) ? Object.entries(value) : [];
}

/** What fits into the line of its name; `undefined` of what has lines of its own. */
function toInline(value: unknown): string | undefined {
  if (!isNesting(value)) return toScalar(value);
  const members = membersOf(value);
  if (members.length === 0) return Array.isArray(value) ? "[]" : "{}";
  if (!Array.isArray(value) || members.length > maxInline || value.some(isNesting)) return undefined;
  const text = `[${value.map((item) => (typeof item === "string" ? JSON.stringify(item) : toScalar(item))).join(", ")}]`;
  return text.length <= maxInline ? text : undefined;
}

/** A text as it is, unless it could be taken for something else. */
function toScalar(value: unknown): string {
  if (typeof value !== "string") return value === undefined ? "" : String(value);
  const isPlain = value.trim() !== "" && !/^(?:true|false|null|[-+.\d].*|\[.*|\{.*|".*)$/s.test(value);
  return isPlain || value.includes("\n") ? value : JSON.stringify(value);
}
